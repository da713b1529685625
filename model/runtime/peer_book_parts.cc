#include "model/runtime/peer_book_parts.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>

#include "model/peers/peer_index.h"
#include "model/runtime/ensemble_forecast.h"
#include "model/runtime/rolling_calibration.h"

namespace recoup::model {
namespace {

// The model's own scores, then those that the ledger went on with.
std::vector<ConformityScore> ScoresOf(const LoanBook& book, std::vector<ConformityScore> scores) {
  const Date from = scores.empty() ? Date::Min() : scores.back().known_at;
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    const Example& example = book.examples[loan];
    if (!book.forecasts[loan] || example.outcome_known_at <= from) continue;
    scores.push_back(
        ScoreOf(*book.forecasts[loan], example.recovery_rate, example.outcome_known_at));
  }
  return scores;
}

void ExpectMissing(const Ensemble& ensemble, const Table& own, PeerBookParts* parts) {
  const LoanBook& book = parts->book;
  parts->expected = book.expected;
  const std::vector<std::uint32_t> relations = NumbersOf(book.catalog, ensemble.history_relations);
  const PeerIndex index(book, book.expected);  // who is known does not hang on what was expected
  const std::size_t width = own.columns.size();
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    if (!std::isnan(parts->expected[loan])) continue;
    if (book.examples[loan].outcome_known_at < ensemble.labels_before) {
      ++parts->not_in_ledger;  // the model has seen how it ended: its opinion is worth nothing
      continue;
    }
    const PeerQuestion question{book.MembersOf(loan), book.examples[loan].as_of, loan};
    const bool has_history = relations.empty() || index.HasHistory(question, relations);
    const double value =
        ForecastBase(ensemble, std::span(own.values).subspan(loan * width, width), has_history);
    parts->expected[loan] = static_cast<float>(std::clamp(value, 0.0, 1.0));
  }
}

}  // namespace

PeerBookParts MakePeerBookParts(LoanBook book, const Ensemble& ensemble,
                                const FeatureSchema& schema) {
  PeerBookParts parts;
  parts.book = std::move(book);
  std::vector<std::uint32_t> all(parts.book.size());
  std::iota(all.begin(), all.end(), 0U);
  EncodedLoans encoded = EncodeLoans(parts.book, schema, all);
  for (graph::NodeRecord& record : parts.book.records) {
    record.attributes = std::vector<graph::StoredAttribute>();
  }
  ExpectMissing(ensemble, encoded.table, &parts);
  parts.metric_rows = MetricRows(ensemble.metric, encoded.table);
  parts.rows = RowsOf(std::move(encoded), schema.Of(graph::NodeKind::kLoan));
  parts.scores = ScoresOf(parts.book, ensemble.calibration.scores);
  parts.book.forecasts = std::vector<std::optional<LedgerForecast>>();
  return parts;
}

std::vector<std::uint32_t> NumbersOf(const GroupCatalog& catalog,
                                     const std::vector<std::string>& relations) {
  const std::vector<std::string>& known = catalog.relations();
  std::vector<std::uint32_t> numbers;
  for (const std::string& relation : relations) {
    const auto found = std::find(known.begin(), known.end(), relation);
    numbers.push_back(found == known.end() ? GroupCatalog::kNone
                                           : static_cast<std::uint32_t>(found - known.begin()));
  }
  return numbers;
}

}  // namespace recoup::model
