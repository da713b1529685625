#include "model/evaluation/prepared_data.h"

#include <functional>
#include <span>
#include <string>
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

std::string DaysText(std::int32_t days) {
  return "; every loan valued " + std::to_string(days) + " days before its outcome was known";
}

// New groups are tested alone, and nothing is learnt from them.
Result<void> KeepApart(const graph::GraphStore& store, std::span<const Example> examples,
                       PreparedData* data, ExampleSplit* split) {
  if (data->scenario.lag_days) split->description += DaysText(*data->scenario.lag_days);
  if (!data->scenario.new_groups) return {};
  const NewGroups& groups = *data->scenario.new_groups;
  RECOUP_ASSIGN(data->newcomers, LoansOfNewGroups(store, examples, groups));
  const auto is_new = [&](std::size_t i) { return data->newcomers.contains(examples[i].loan); };
  std::erase_if(split->training, is_new);
  std::erase_if(split->validation, is_new);
  std::erase_if(split->test, std::not_fn(is_new));
  if (split->training.empty() || split->validation.empty() || split->test.empty()) {
    return Error{ErrorCode::kInvalidArgument, "with these new groups a part has no loan left"};
  }
  split->description +=
      "; tested on new groups of " + groups.relation +
      (groups.are_heard ? " whose past outcomes are seen" : " whose outcomes are never seen");
  return {};
}

}  // namespace

Result<PreparedData> PrepareData(const graph::GraphStore& store, const SplitOptions& split_options,
                                 const FitOptions& fit, const Observer& observer,
                                 const ScenarioOptions& scenario) {
  RECOUP_TRY(observer.Enter("collecting outcomes"));
  RECOUP_ASSIGN(const graph::StoreStatistics statistics, store.Statistics());
  PreparedData data;
  data.scenario = scenario;
  data.view = store.ViewAsOf(statistics.latest_known_at);
  RECOUP_ASSIGN(const CollectedExamples collected, CollectExamples(store, data.example_options()));
  const std::vector<Example>& examples = collected.examples;
  data.known_at_once = collected.known_at_once;
  data.not_shown = collected.not_shown;
  if (examples.empty()) {
    return Error{ErrorCode::kFailedPrecondition,
                 "the store knows no outcome of a loan that was known on its valuation date and "
                 "resolved after it; ingest resolved loans first"};
  }
  RECOUP_ASSIGN(ExampleSplit split, Split(store, examples, split_options));
  RECOUP_TRY(KeepApart(store, examples, &data, &split));
  data.training = Pick(examples, split.training);
  data.validation = Pick(examples, split.validation);
  data.test = Pick(examples, split.test);
  data.outcomes = {RecoveryRates(data.training), RecoveryRates(data.validation),
                   RecoveryRates(data.test)};
  data.left_out = split.left_out.size();
  data.test_valued_too_early = TestLoansValuedTooEarly(examples, split);
  data.dates = split.dates;
  data.is_at_random = split.is_at_random;
  data.split_description = std::move(split.description);
  RECOUP_TRY(observer.Enter("fitting features"));
  RECOUP_ASSIGN(data.schema, FitFeatureSchema(store, data.training, fit));
  return data;
}

}  // namespace recoup::model
