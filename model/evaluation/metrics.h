// How good a forecast was. Formulas and sources: docs/evaluation.md.
#pragma once

#include <cstddef>
#include <span>

#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

// Everywhere: spans of one slice have the same length; a figure that is not defined (no loans, or
// outcomes that are all equal) is NaN, never 0 or 1.

/// 1 - sum (y - f)^2 / sum (y - mean of y in this slice)^2.
double RSquared(std::span<const double> outcomes, std::span<const double> predictions);

/// Unit: recovery rate.
double MeanAbsoluteError(std::span<const double> outcomes, std::span<const double> predictions);
double RootMeanSquaredError(std::span<const double> outcomes, std::span<const double> predictions);

/// Pearson's correlation of the ranks; ties share the mean of their ranks.
double SpearmanCorrelation(std::span<const double> outcomes, std::span<const double> predictions);

/// max(level (y - q), (level - 1) (y - q)).
double PinballLoss(double outcome, double quantile, double level);

/// Mean over loans of the pinball loss at kLevels[position].
/// Shape: quantiles[outcomes * 19], row-major. Unit: recovery rate; lower is better.
double MeanPinballLoss(std::span<const double> outcomes, std::span<const double> quantiles,
                       std::size_t position);

/// Mean of f - y: above 0, the forecasts promise too much. Unit: recovery rate.
double Bias(std::span<const double> outcomes, std::span<const double> predictions);

/// Mean over loans of 2/19 times the sum of the pinball losses at kLevels: the CRPS, which is twice
/// the integral of the pinball loss over all levels, by 19 of them (Gneiting and Ranjan 2011, eq.
/// 17). Shape: quantiles[outcomes * 19], row-major. Unit: recovery rate; lower is better.
double CrpsOfQuantiles(std::span<const double> outcomes, std::span<const double> quantiles);

/// Returns the integral over x in [0, 1] of (F(x) - [x >= outcome])^2, exactly: F is linear within
/// each bin. REQUIRES: 0 <= outcome <= 1.
double CrpsOfDistribution(const RecoveryDistribution& distribution, double outcome);

struct IntervalQuality {
  double coverage = 0.0;  // share of outcomes in [lower, upper]
  double width = 0.0;     // mean of upper - lower
};
IntervalQuality QualityOfIntervals(std::span<const double> outcomes, std::span<const double> lower,
                                   std::span<const double> upper);

}  // namespace recoup::model
