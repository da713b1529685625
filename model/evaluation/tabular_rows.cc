#include "model/evaluation/tabular_rows.h"

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "model/evaluation/boosted_model.h"
#include "model/evaluation/table_columns.h"
#include "model/features/tabular.h"
#include "model/linear/ridge_regression.h"

namespace recoup::model {
namespace {

constexpr const char* kNoFeatures = "the loans have no feature that varies in training";

MeanPredictions MeanOfTraining(const SplitOutcomes& outcomes) {
  const double mean = std::accumulate(outcomes.training.begin(), outcomes.training.end(), 0.0) /
                      static_cast<double>(outcomes.training.size());
  return {std::vector<double>(outcomes.validation.size(), mean),
          std::vector<double>(outcomes.test.size(), mean)};
}

Result<SplitTables> OwnTables(const graph::GraphStore& store, const PreparedData& data) {
  SplitTables tables;
  RECOUP_ASSIGN(tables.training, OwnFeatureTable(store, data.schema, data.training));
  RECOUP_ASSIGN(tables.validation, OwnFeatureTable(store, data.schema, data.validation));
  RECOUP_ASSIGN(tables.test, OwnFeatureTable(store, data.schema, data.test));
  return tables;
}

/// One call for all parts, because the columns depend on the examples.
Result<SplitTables> RelationalTables(const graph::GraphStore& store, const PreparedData& data,
                                     const SplitTables& own) {
  std::vector<Example> examples = data.training;
  examples.insert(examples.end(), data.validation.begin(), data.validation.end());
  examples.insert(examples.end(), data.test.begin(), data.test.end());
  RECOUP_ASSIGN(const Table all, RelationalAggregateTable(store, examples));
  const std::size_t validation_begin = data.training.size();
  const std::size_t test_begin = validation_begin + data.validation.size();
  return SplitTables{JoinColumns(own.training, SelectRows(all, 0, validation_begin)),
                     JoinColumns(own.validation, SelectRows(all, validation_begin, test_begin)),
                     JoinColumns(own.test, SelectRows(all, test_begin, examples.size()))};
}

Result<void> AddRidge(const SplitTables& tables, const SplitOutcomes& outcomes,
                      Comparison& comparison) {
  if (tables.training.columns.empty()) {
    comparison.AddAbsent(row::kRidge, kNoFeatures);
    return {};
  }
  RECOUP_ASSIGN(const TunedRidge ridge, FitRidge(tables.training, outcomes.training,
                                                 tables.validation, outcomes.validation));
  comparison.Add(row::kRidge, PredictionsFromMeans({ridge.model.Predict(tables.validation),
                                                    ridge.model.Predict(tables.test)},
                                                   outcomes.validation));
  comparison.AddNote("ridge: penalty " + std::to_string(static_cast<long>(ridge.penalty)) +
                     ", chosen on validation");
  return {};
}

Result<void> AddBoosted(const char* name, const SplitTables& tables, const PreparedData& data,
                        const EvaluateOptions& options, const Observer& observer,
                        Comparison& comparison) {
  RECOUP_TRY(observer.Enter(name));
  if (tables.training.columns.empty()) {
    comparison.AddAbsent(name, kNoFeatures);
    return {};
  }
  RECOUP_ASSIGN(const BoostingOptions chosen,
                TuneBoosting(tables, data.outcomes, options.boosting, observer));
  RECOUP_ASSIGN(const MeanPredictions means,
                PredictBoosted(tables, data.outcomes, chosen, options.seeds, observer));
  comparison.Add(name, PredictionsFromMeans(means, data.outcomes.validation));
  comparison.AddNote(std::string(name) + ": " + Describe(chosen) + ", chosen on validation; " +
                     std::to_string(tables.training.columns.size()) + " columns");
  return {};
}

}  // namespace

Result<void> AddTabularRows(const graph::GraphStore& store, const PreparedData& data,
                            const EvaluateOptions& options, const Observer& observer,
                            Comparison& comparison) {
  comparison.Add(row::kMean,
                 PredictionsFromMeans(MeanOfTraining(data.outcomes), data.outcomes.validation));
  if (!options.rows.tabular) return {};
  RECOUP_TRY(observer.Enter("own features"));
  RECOUP_ASSIGN(const SplitTables own, OwnTables(store, data));
  RECOUP_TRY(observer.Enter(row::kRidge));
  RECOUP_TRY(AddRidge(own, data.outcomes, comparison));
  RECOUP_TRY(AddBoosted(row::kBoostedOwn, own, data, options, observer, comparison));
  RECOUP_TRY(observer.Enter("relational aggregates"));
  RECOUP_ASSIGN(const SplitTables relational, RelationalTables(store, data, own));
  return AddBoosted(row::kBoostedRelational, relational, data, options, observer, comparison);
}

}  // namespace recoup::model
