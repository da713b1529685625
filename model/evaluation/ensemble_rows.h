// The rows of a comparison that are about the ensemble: its base, its members, the whole, and what
// is left of it without its parts.
#pragma once

#include "graph/types/result.h"
#include "model/evaluation/comparison.h"
#include "model/evaluation/network_rows.h"
#include "model/learning/observer.h"

namespace recoup::model {

/// Walks forward, fits the ensemble on the training part, and adds `base`, its members, `ensemble`,
/// `ensemble without` each member, `ensemble without edges` and `ensemble with shuffled edges`; the
/// last two are walked and fitted afresh. With a plug-in the ensemble's distributions are a
/// network's, trained with the base's expectation before its eyes, tilted to the ensemble's means;
/// without one they are quantiles of its errors.
/// Errors: those of ReadLoanBook, LearntEnsemble and the plug-in; kCancelled.
Result<void> AddEnsembleRows(const NetworkTask& task, const Observer& observer,
                             Comparison& comparison);

}  // namespace recoup::model
