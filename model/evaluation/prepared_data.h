// The examples of one store, split, with a feature schema that has seen the training part only.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/evaluation/component_split.h"
#include "model/evaluation/date_split.h"
#include "model/evaluation/scenario.h"
#include "model/features/encoder.h"
#include "model/features/feature_schema.h"
#include "model/learning/observer.h"

namespace recoup::model {

enum class SplitKind {
  kByDate,
  kByComponent,
};

struct SplitOptions {
  SplitKind kind = SplitKind::kByDate;
  /// For kByDate; none: DateSplitByQuantiles.
  std::optional<DateSplit> dates{};
  ComponentSplitOptions components{};
};

struct SplitOutcomes {
  std::vector<double> training;
  std::vector<double> validation;
  std::vector<double> test;
};

/// Lifetime: must not outlive the store that it was read from.
struct PreparedData {
  /// As of the latest day that the store knows.
  std::unique_ptr<const graph::GraphView> view;
  std::vector<Example> training;
  std::vector<Example> validation;
  std::vector<Example> test;
  SplitOutcomes outcomes;
  std::size_t left_out = 0;
  std::size_t known_at_once = 0;          // see CollectedExamples; in no part and not in left_out
  std::size_t not_shown = 0;              // likewise
  std::size_t test_valued_too_early = 0;  // see TestLoansValuedTooEarly
  std::optional<DateSplit> dates;
  bool is_at_random = false;  // see SplitByDate
  std::string split_description;
  FeatureSchema schema;
  ScenarioOptions scenario;
  /// Loans of the new groups, if the scenario has some.
  LoanSet newcomers;

  ExampleOptions example_options() const { return {scenario.lag_days}; }
};

/// Collects every known outcome, splits, and fits the schema on the training part.
/// Errors: kFailedPrecondition (the store knows no outcome), kCancelled, and those of
/// SplitByDate, SplitByComponent, LoansOfNewGroups and FitFeatureSchema.
Result<PreparedData> PrepareData(const graph::GraphStore& store, const SplitOptions& split,
                                 const FitOptions& fit, const Observer& observer,
                                 const ScenarioOptions& scenario = {});

}  // namespace recoup::model
