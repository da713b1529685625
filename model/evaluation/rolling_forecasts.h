// Walking through a rolling evaluation: at every refit the ensemble learns what is known, and
// forecasts the loans that come in until the next.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/evaluation/evaluate.h"
#include "model/evaluation/rolling_plan.h"
#include "model/learning/checkpoint.h"
#include "model/learning/observer.h"
#include "model/peers/loan_book.h"
#include "model/runtime/ensemble_forecast.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Forecasts of all loans of a plan, each by a model that knew what was known at its step.
struct RollingForecasts {
  LoanBook book;
  RollingPlan plan;
  FeatureSchema schema;              // of loans, as of the last refit
  std::vector<std::uint32_t> loans;  // positions in the book, step by step
  /// Shape: one entry a loan of `loans`.
  std::vector<MemberForecasts> members;
  std::vector<RecoveryDistribution> shapes;  // the network's; empty without a plug-in
  Checkpoint checkpoint{{}, {}};  // to be cleared once the forecasts have been put to use
};

/// Takes up steps that an interrupted run of the same store, options and build has finished.
/// Errors: as EvaluateRolling.
Result<RollingForecasts> ForecastRolling(const graph::GraphStore& store,
                                         const NetworkSource& network,
                                         const RollingOptions& options, const Observer& observer);

}  // namespace recoup::model
