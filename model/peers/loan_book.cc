#include "model/peers/loan_book.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "model/features/by_day.h"
#include "model/features/feature_fitter.h"
#include "model/features/kind_plan.h"
#include "model/features/own_row.h"

namespace recoup::model {
namespace {

constexpr std::size_t kProgressEvery = 1024;

bool MayBeFeature(const graph::AttributeDefinition& definition, const FitOptions& options) {
  if (definition.owner != graph::AttributeOwner(graph::NodeKind::kLoan)) return false;
  if (definition.role == graph::AttributeRole::kFeature) return true;
  return std::find(options.allow_forbidden.begin(), options.allow_forbidden.end(),
                   definition.name) != options.allow_forbidden.end();
}

// The ledger's entry is learnt with the outcome, so it is read as of that day: later the loan may
// have been removed.
Result<void> ReadLedger(const graph::GraphStore& store, LoanBook* book) {
  DayViews views(store);
  for (const Example& example : book->examples) {
    const Result<graph::NodeRecord> record = views.On(example.outcome_known_at).Node(example.loan);
    const bool is_gone = !record.has_value();
    if (is_gone && record.error().code != ErrorCode::kNotFound) return record.error();
    const auto entry = is_gone ? std::optional<LedgerEntry>() : ReadLedgerEntry(*record);
    book->expected.push_back(entry ? static_cast<float>(entry->expected)
                                   : std::numeric_limits<float>::quiet_NaN());
    book->forecasts.push_back(entry ? entry->forecast : std::nullopt);
    book->is_gone.push_back(is_gone ? 1 : 0);
  }
  return {};
}

}  // namespace

std::size_t LoanBook::KnownBefore(Date day) const {
  const auto end = std::lower_bound(
      examples.begin(), examples.end(), day,
      [](const Example& example, Date limit) { return example.outcome_known_at < limit; });
  return static_cast<std::size_t>(end - examples.begin());
}

Result<LoanBook> ReadLoanBook(const graph::GraphStore& store, const ExampleOptions& options,
                              const BookProgress& progress) {
  RECOUP_ASSIGN(CollectedExamples collected, CollectExamples(store, options));
  LoanBook book;
  book.examples = std::move(collected.examples);
  book.known_at_once = collected.known_at_once;
  book.not_shown = collected.not_shown;
  book.attributes = store.ViewAsOf(Date::Max())->Attributes();
  book.records.resize(book.size());
  std::vector<std::vector<GroupCatalog::Member>> members(book.size());
  LoanTieReader reader(book.attributes);
  DayViews views(store);
  std::size_t done = 0;
  for (const std::uint32_t position : PositionsByDay(book.examples)) {
    const Example& example = book.examples[position];
    const graph::GraphView& view = views.On(example.as_of);
    RECOUP_ASSIGN(book.records[position], view.Node(example.loan));
    RECOUP_ASSIGN(const std::vector<LoanTie> ties,
                  reader.Read(view, example.loan, book.records[position]));
    members[position] = book.catalog.Intern(ties);
    if (progress && ++done % kProgressEvery == 0) progress(done, book.size());
  }
  book.member_ends.push_back(0);
  for (const auto& of_loan : members) {
    book.members.insert(book.members.end(), of_loan.begin(), of_loan.end());
    book.member_ends.push_back(static_cast<std::uint32_t>(book.members.size()));
  }
  RECOUP_TRY(ReadLedger(store, &book));
  return book;
}

FeatureSchema FitLoanFeatures(const LoanBook& book, std::span<const std::uint32_t> loans,
                              const FitOptions& options) {
  std::vector<graph::AttributeDefinition> fittable;
  for (const graph::AttributeDefinition& definition : book.attributes) {
    if (MayBeFeature(definition, options)) fittable.push_back(definition);
  }
  FeatureFitter fitter(fittable);
  double sum = 0.0;
  for (const std::uint32_t loan : loans) {
    fitter.Add(book.records[loan], book.examples[loan].as_of);
    sum += book.examples[loan].recovery_rate;
  }
  return FeatureSchema(fitter.Fit(options.min_count), sum / static_cast<double>(loans.size()));
}

EncodedLoans EncodeLoans(const LoanBook& book, const FeatureSchema& schema,
                         std::span<const std::uint32_t> loans) {
  const KindFeatures& features = schema.Of(graph::NodeKind::kLoan);
  const KindPlan plan(features, book.attributes);
  EncodedLoans encoded;
  encoded.numeric_width = plan.outcome_column();
  encoded.table.columns = OwnColumns(features);
  const std::size_t width = encoded.table.columns.size();
  const std::size_t categories = plan.category_width();
  encoded.table.values.assign(loans.size() * width, 0.0F);
  encoded.numeric.resize(loans.size() * encoded.numeric_width);
  encoded.categories.resize(loans.size() * categories);
  std::vector<float> numeric(plan.numeric_width());
  for (std::size_t i = 0; i < loans.size(); ++i) {
    std::int32_t* words = encoded.categories.data() + i * categories;
    plan.Write(book.records[loans[i]].attributes, book.examples[loans[i]].as_of, numeric.data(),
               words);
    std::copy_n(numeric.begin(), encoded.numeric_width,
                encoded.numeric.begin() + static_cast<std::ptrdiff_t>(i * encoded.numeric_width));
    WriteOwnRow(features, numeric, {words, categories}, encoded.table.values.data() + i * width);
  }
  return encoded;
}

LoanRows RowsOf(EncodedLoans encoded, const KindFeatures& loan) {
  LoanRows rows;
  rows.numeric_width = loan.outcome_column();
  for (const CategoryFeature& feature : loan.categories) {
    rows.category_sizes.push_back(static_cast<std::int32_t>(feature.size()));
  }
  rows.numeric = std::move(encoded.numeric);
  rows.categories = std::move(encoded.categories);
  return rows;
}

}  // namespace recoup::model
