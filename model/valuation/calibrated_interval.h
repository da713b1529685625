// The interval that holds the outcome as often as it says: quantiles, widened by what was learnt on
// past errors.
#pragma once

#include "graph/types/result.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Returns the forecast with the interval between the (1 - coverage) / 2 and (1 + coverage) / 2
/// quantiles, each end moved outward by `margin` and clipped to [0, 1] (docs/valuation.md, V-4).
/// A negative margin that would make the ends cross leaves the point halfway between them.
/// Unit: `margin` is a recovery rate.
/// Errors: kInvalidArgument (coverage outside (0, 1), margin not finite).
Result<RecoveryForecast> CalibrateForecast(const RecoveryDistribution& distribution,
                                           double coverage, double margin);

}  // namespace recoup::model
