#include "model/evaluation/prepared_data.h"

#include <span>
#include <utility>

namespace recoup::model {
namespace {

Result<ExampleSplit> Split(const graph::GraphStore& store, std::span<const Example> examples,
                           const SplitOptions& options) {
  if (options.kind == SplitKind::kByComponent) {
    return SplitByComponent(store, examples, options.components);
  }
  return SplitByDate(examples, options.dates);
}

}  // namespace

Result<PreparedData> PrepareData(const graph::GraphStore& store, const SplitOptions& split_options,
                                 const FitOptions& fit, const Observer& observer) {
  RECOUP_TRY(observer.Enter("collecting outcomes"));
  RECOUP_ASSIGN(const graph::StoreStatistics statistics, store.Statistics());
  PreparedData data;
  data.view = store.ViewAsOf(statistics.latest_known_at);
  RECOUP_ASSIGN(const CollectedExamples collected, CollectExamples(store));
  const std::vector<Example>& examples = collected.examples;
  data.known_at_once = collected.known_at_once;
  data.not_shown = collected.not_shown;
  if (examples.empty()) {
    return Error{ErrorCode::kFailedPrecondition,
                 "the store knows no outcome of a loan that was known on its valuation date and "
                 "resolved after it; ingest resolved loans first"};
  }
  RECOUP_ASSIGN(ExampleSplit split, Split(store, examples, split_options));
  data.training = Pick(examples, split.training);
  data.validation = Pick(examples, split.validation);
  data.test = Pick(examples, split.test);
  data.outcomes = {RecoveryRates(data.training), RecoveryRates(data.validation),
                   RecoveryRates(data.test)};
  data.left_out = split.left_out.size();
  data.test_valued_too_early = TestLoansValuedTooEarly(examples, split);
  data.dates = split.dates;
  data.split_description = std::move(split.description);
  RECOUP_TRY(observer.Enter("fitting features"));
  RECOUP_ASSIGN(data.schema, FitFeatureSchema(store, data.training, fit));
  return data;
}

}  // namespace recoup::model
