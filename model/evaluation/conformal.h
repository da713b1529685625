// Intervals with a promised coverage, from errors that were made on the validation loans.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/artifact/model_artifact.h"
#include "model/valuation/calibrated_interval.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Returns the quantile of `values` by linear interpolation between order statistics (type 7 of
/// Hyndman and Fan 1996). REQUIRES: values are ascending and not empty; 0 <= level <= 1.
double InterpolatedQuantile(std::span<const double> values, double level);

/// Conformalised quantile regression (Romano, Patterson and Candes 2019): the margin is the
/// conformal quantile at `coverage` of max(q_low - y, y - q_high), with q at (1 - coverage) / 2 and
/// its mirror. REQUIRES: as many distributions as outcomes, at least one.
Calibration CalibrateIntervals(std::span<const RecoveryDistribution> distributions,
                               std::span<const double> outcomes, double coverage = 0.8);

}  // namespace recoup::model
