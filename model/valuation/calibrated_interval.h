// The interval that holds the outcome as often as it says: quantiles, widened by what was learnt on
// past errors.
#pragma once

#include <vector>

#include "graph/types/result.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Between the (1 - coverage) / 2 quantile and its mirror. Unit: recovery rate.
struct CentralInterval {
  double low = 0.0;
  double high = 0.0;
};
/// REQUIRES: 0 < coverage < 1.
CentralInterval CentralIntervalOf(const RecoveryDistribution& distribution, double coverage);

/// How far an outcome fell outside an interval: max(low - y, y - high); negative inside.
double ConformityOf(const CentralInterval& interval, double outcome);

/// Returns the ceil((n + 1) level)-th smallest value, or the largest if there is no such.
/// REQUIRES: not empty.
double ConformalQuantile(std::vector<double> values, double level);

/// Returns the forecast with the interval between the (1 - coverage) / 2 and (1 + coverage) / 2
/// quantiles, each end moved outward by `margin` and clipped to [0, 1] (docs/valuation.md, V-4).
/// A negative margin that would make the ends cross leaves the point halfway between them.
/// Unit: `margin` is a recovery rate.
/// Errors: kInvalidArgument (coverage outside (0, 1), margin not finite).
Result<RecoveryForecast> CalibrateForecast(const RecoveryDistribution& distribution,
                                           double coverage, double margin);

}  // namespace recoup::model
