// What the network is asked to predict for an outcome: a distribution over the recovery cells.
#pragma once

#include <array>
#include <span>

#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Standard deviation of the smoothing, in bins (Imani and White 2018 call the loss HL-Gauss).
inline constexpr double kSmoothingBins = 0.75;

/// Returns all mass on the atom for exactly 0 or 1, else a normal density around the rate cut to
/// (0, 1) and summed over each bin: neighbouring bins share what one outcome teaches.
/// REQUIRES: 0 <= recovery_rate <= 1.
std::array<double, kRecoveryCells> SmoothTarget(double recovery_rate);

/// Returns the mean of the targets, mixed with a little of the uniform distribution so that no cell
/// is impossible.
/// REQUIRES: recovery_rates is not empty.
std::array<double, kRecoveryCells> TargetHistogram(std::span<const double> recovery_rates);

}  // namespace recoup::model
