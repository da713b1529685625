// Gradient boosting as a baseline: tuned on validation, averaged over seeds.
#pragma once

#include <string>
#include <vector>

#include "graph/types/result.h"
#include "model/boosting/gradient_boosting.h"
#include "model/evaluation/model_predictions.h"
#include "model/evaluation/prepared_data.h"
#include "model/evaluation/table_columns.h"
#include "model/learning/observer.h"

namespace recoup::model {

/// Returns the few configurations that are tried: depths 3 to 8, with `base` for all else.
std::vector<BoostingOptions> BoostingCandidates(const BoostingOptions& base);

/// Returns the candidate with the smallest validation error.
/// Errors: those of GradientBoosting::Fit.
Result<BoostingOptions> TuneBoosting(const SplitTables& tables, const SplitOutcomes& outcomes,
                                     const BoostingOptions& base, const Observer& observer);

/// Returns the mean of the predictions of `seeds` ensembles (options.seed, options.seed + 1, ...),
/// each cut to [0, 1].
/// Errors: those of GradientBoosting::Fit.
Result<MeanPredictions> PredictBoosted(const SplitTables& tables, const SplitOutcomes& outcomes,
                                       const BoostingOptions& options, int seeds,
                                       const Observer& observer);

}  // namespace recoup::model
