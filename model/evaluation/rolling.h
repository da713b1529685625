// Evaluation as an investor lives it: refit every half-year on what is known, value what comes in
// until the next refit, and widen the intervals by how the newest outcomes fell.
#pragma once

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/evaluation/evaluate.h"
#include "model/evaluation/evaluation_table.h"
#include "model/evaluation/rolling_plan.h"
#include "model/learning/observer.h"

namespace recoup::model {

/// Returns a table over all scored loans: the mean of what was known, own boosted trees (the
/// baseline, as `XGBoost own`), the members, the ensemble, and the ensemble without each member;
/// its series has R2 by valuation year. The ensemble's intervals are calibrated on the newest 1,500
/// outcomes known on each loan's day, those of the others are quantiles of their newest errors.
/// The same store, options and build give the same figures, interrupted or not.
/// Errors: kInvalidArgument (dates out of order, nothing to score), kFailedPrecondition (no
/// outcomes), kUnavailable (the checkpoint cannot be written), kCancelled; those of the steps.
Result<EvaluationTable> EvaluateRolling(const graph::GraphStore& store,
                                        const NetworkSource& network, const RollingOptions& options,
                                        const Observer& observer = {});

}  // namespace recoup::model
