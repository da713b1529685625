#include "model/runtime/peer_book.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <variant>

#include "model/features/own_row.h"
#include "model/runtime/ensemble_forecast.h"

namespace recoup::model {
namespace {

EncodedLoans EncodeAll(const LoanBook& book, const FeatureSchema& schema) {
  std::vector<std::uint32_t> all(book.size());
  std::iota(all.begin(), all.end(), 0U);
  return EncodeLoans(book, schema, all);
}

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

bool RemovesLoan(const graph::Fact& fact) {
  const auto* node = std::get_if<graph::NodeFact>(&fact);
  return node != nullptr && node->node.kind == graph::NodeKind::kLoan &&
         node->operation == graph::FactOperation::kRemove;
}

Date KnownAt(const graph::Fact& fact) {
  return std::visit([](const auto& any) { return any.dates.known_at; }, fact);
}

}  // namespace

Result<std::shared_ptr<const PeerBook>> PeerBook::Read(const graph::GraphStore& store,
                                                       const Ensemble& ensemble,
                                                       const FeatureSchema& schema) {
  RECOUP_ASSIGN(LoanBook book, ReadLoanBook(store));
  return std::shared_ptr<const PeerBook>(new PeerBook(std::move(book), ensemble, schema));
}

PeerBook::PeerBook(LoanBook book, const Ensemble& ensemble, const FeatureSchema& schema)
    : book_(std::move(book)),
      ensemble_(ensemble),
      relations_(NumbersOf(ensemble.relations)),
      history_(NumbersOf(ensemble.history_relations)),
      messages_(NumbersOf(ensemble.message_relations)),
      features_(schema.Of(graph::NodeKind::kLoan)),
      index_(book_, book_.expected) {
  last_valuation_ = Date::Min();
  for (std::uint32_t loan = 0; loan < book_.size(); ++loan) {
    positions_[book_.examples[loan].loan] = loan;
    last_valuation_ = std::max(last_valuation_, book_.examples[loan].as_of);
  }
  EncodedLoans encoded = EncodeAll(book_, schema);
  own_columns_ = encoded.table.columns;
  metric_rows_ = MetricRows(ensemble.metric, encoded.table);
  std::vector<float> expected = book_.expected;
  // Usually the ledger says everything, and the index need not be made again.
  if (ExpectMissing(encoded, &expected)) index_ = PeerIndex(book_, std::move(expected));
  rows_ = std::make_shared<LoanRows>(RowsOf(std::move(encoded), features_));
  scores_ = ScoresOf(book_, ensemble.calibration.scores);
}

std::vector<std::uint32_t> PeerBook::NumbersOf(std::span<const std::string> relations) const {
  const std::vector<std::string>& known = book_.catalog.relations();
  std::vector<std::uint32_t> numbers;
  for (const std::string& relation : relations) {
    const auto found = std::find(known.begin(), known.end(), relation);
    numbers.push_back(found == known.end() ? GroupCatalog::kNone
                                           : static_cast<std::uint32_t>(found - known.begin()));
  }
  return numbers;
}

bool PeerBook::ExpectMissing(const EncodedLoans& encoded, std::vector<float>* expected) {
  bool any = false;
  const std::size_t width = own_columns_.size();
  for (std::uint32_t loan = 0; loan < book_.size(); ++loan) {
    if (!std::isnan((*expected)[loan])) continue;
    if (book_.examples[loan].outcome_known_at < ensemble_.labels_before) {
      ++not_in_ledger_;  // the model has seen how it ended: its opinion is worth nothing
      continue;
    }
    const PeerQuestion question{book_.MembersOf(loan), book_.examples[loan].as_of, loan};
    const bool has_history = history_.empty() || index_.HasHistory(question, history_);
    const double value = ForecastBase(
        ensemble_, std::span(encoded.table.values).subspan(loan * width, width), has_history);
    (*expected)[loan] = static_cast<float>(std::clamp(value, 0.0, 1.0));
    any = true;
  }
  return any;
}

bool PeerBook::IsTouchedBy(const graph::FactBatch& facts) const {
  return std::any_of(facts.facts.begin(), facts.facts.end(), [this](const graph::Fact& fact) {
    return std::holds_alternative<graph::OutcomeFact>(fact) || IsLedgerFact(fact) ||
           RemovesLoan(fact) || KnownAt(fact) <= last_valuation_;
  });
}

std::vector<std::uint32_t> PeerBook::MissingInLedger() const {
  std::vector<std::uint32_t> missing;
  for (std::uint32_t loan = 0; loan < book_.size(); ++loan) {
    if (!std::isnan(book_.expected[loan]) || book_.is_gone[loan] != 0) continue;
    if (!std::isnan(index_.expected()[loan])) missing.push_back(loan);
  }
  return missing;
}

std::uint32_t PeerBook::PositionOf(graph::NodeId loan) const {
  const auto found = positions_.find(loan);
  return found == positions_.end() ? PeerQuestion::kNotInBook : found->second;
}

Margins PeerBook::MarginsAsOf(Date day) const {
  const std::lock_guard lock(margins_mutex_);
  const auto found = margins_.find(day);
  if (found != margins_.end()) return found->second;
  return margins_.emplace(day, MarginsOn(ensemble_.calibration, scores_, day)).first->second;
}

Result<void> PeerBook::Attach(const graph::GraphView& view, graph::NodeId loan,
                              EncodedNeighbourhood* encoded) const {
  RECOUP_ASSIGN(const graph::NodeRecord record, view.Node(loan));
  LoanTieReader reader(book_.attributes);
  RECOUP_ASSIGN(const std::vector<LoanTie> ties, reader.Read(view, loan, record));
  const std::vector<GroupCatalog::Member> members = book_.catalog.Find(ties);
  const PeerQuestion question{members, view.as_of(), PositionOf(loan)};

  auto answer = std::make_shared<PeerAnswer>();
  answer->outcome.resize(relations_.size() * kOutcomeColumnsPerRelation);
  answer->residual.resize(relations_.size() * kResidualColumnsPerRelation);
  index_.Aggregate(question, relations_, answer->outcome.data(), answer->residual.data());
  answer->has_history = history_.empty() || index_.HasHistory(question, history_);

  const KindRows& row = encoded->Of(graph::NodeKind::kLoan);
  Table own{own_columns_, std::vector<float>(own_columns_.size(), 0.0F)};
  WriteOwnRow(features_, std::span(row.numeric).first(features_.outcome_column()),
              std::span(row.categories).first(features_.categories.size()), own.values.data());
  const std::vector<float> query = MetricRows(ensemble_.metric, own);
  const std::vector<std::uint32_t> nearest =
      NearestRows(query, metric_rows_, book_.KnownBefore(view.as_of()), question.loan);
  answer->nearest = NearestMeans(index_, nearest);

  answer->slots.relations = messages_.size();
  answer->slots.slots = kCredibilitySlots;
  index_.Sample(question, messages_, &answer->slots);
  answer->rows = rows_;
  answer->margins = MarginsAsOf(view.as_of()).of_band;

  const double base = ForecastBase(ensemble_, own.values, answer->has_history);
  encoded->context = NetworkContext(base, answer->residual);
  encoded->peers = std::move(answer);
  return {};
}

}  // namespace recoup::model
