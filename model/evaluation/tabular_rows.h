// The rows of a comparison that need no network.
#pragma once

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/evaluation/comparison.h"
#include "model/evaluation/evaluate.h"
#include "model/evaluation/prepared_data.h"
#include "model/learning/observer.h"

namespace recoup::model {

/// Adds mean, ridge, XGBoost own, and XGBoost + relational aggregates.
/// Errors: those of the feature tables and of boosting; kCancelled.
Result<void> AddTabularRows(const graph::GraphStore& store, const PreparedData& data,
                            const EvaluateOptions& options, const Observer& observer,
                            Comparison& comparison);

}  // namespace recoup::model
