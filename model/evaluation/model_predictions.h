// What one model says of every loan of a slice, in the one form in which models are compared.
#pragma once

#include <span>
#include <vector>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Shape: mean[n], lower[n], upper[n], quantiles[n * 19] row-major at kLevels; all in [0, 1].
struct ModelPredictions {
  std::vector<double> mean;
  std::vector<double> quantiles;
  /// The central 80 % interval, calibrated on validation.
  std::vector<double> lower;
  std::vector<double> upper;
};

/// A model's means for validation and test.
struct MeanPredictions {
  std::vector<double> validation;
  std::vector<double> test;
};

/// Gives a model without a distribution one: the mean plus quantiles of its errors on validation
/// (split conformal; Lei et al. 2018), cut to [0, 1]. The interval's ends take the ranks
/// floor((n + 1) .1) and ceil((n + 1) .9) of the errors.
/// REQUIRES: as many validation means as outcomes, at least one.
ModelPredictions PredictionsFromMeans(const MeanPredictions& means,
                                      std::span<const double> validation_outcomes);

/// Reads means and quantiles from distributions, the interval with `calibration`.
/// Errors: kInvalidArgument (the calibration is not one).
Result<ModelPredictions> PredictionsFromDistributions(
    std::span<const RecoveryDistribution> distributions, const Calibration& calibration);

/// Reads means, quantiles and the forecasts' own intervals.
ModelPredictions PredictionsFromForecasts(std::span<const RecoveryForecast> forecasts);

/// Returns the mean of several models' distributions for each loan.
/// Shape: members[m][n] -> [n]. REQUIRES: at least one member, all of one length.
std::vector<RecoveryDistribution> AverageDistributions(
    std::span<const std::vector<RecoveryDistribution>> members);

}  // namespace recoup::model
