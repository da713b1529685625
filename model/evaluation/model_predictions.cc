#include "model/evaluation/model_predictions.h"

#include <algorithm>
#include <cstddef>

#include "model/evaluation/conformal.h"
#include "model/evaluation/quantile_levels.h"
#include "model/valuation/calibrated_interval.h"

namespace recoup::model {
namespace {

double Cut(double rate) { return std::clamp(rate, 0.0, 1.0); }

/// Returns the error at the finite-sample rank of the lower end: floor((n + 1) level), at least 1.
double LowerConformalQuantile(const std::vector<double>& errors, double level) {
  std::vector<double> mirrored;
  mirrored.reserve(errors.size());
  for (const double error : errors) mirrored.push_back(-error);
  return -ConformalQuantile(std::move(mirrored), 1.0 - level);
}

void Append(const RecoveryForecast& forecast, ModelPredictions& predictions) {
  predictions.mean.push_back(Cut(forecast.distribution.Mean()));
  for (const double level : kLevels) {
    predictions.quantiles.push_back(forecast.distribution.Quantile(level));
  }
  predictions.lower.push_back(forecast.lower);
  predictions.upper.push_back(forecast.upper);
}

}  // namespace

ModelPredictions PredictionsFromMeans(const MeanPredictions& means,
                                      std::span<const double> validation_outcomes) {
  RECOUP_CHECK(means.validation.size() == validation_outcomes.size());
  RECOUP_CHECK(!validation_outcomes.empty());
  std::vector<double> errors;
  errors.reserve(validation_outcomes.size());
  for (std::size_t i = 0; i < validation_outcomes.size(); ++i) {
    errors.push_back(validation_outcomes[i] - Cut(means.validation[i]));
  }
  std::sort(errors.begin(), errors.end());
  const double low = LowerConformalQuantile(errors, kLevels[kLevel10]);
  const double high = ConformalQuantile(errors, kLevels[kLevel90]);
  ModelPredictions predictions;
  for (const double raw : means.test) {
    const double mean = Cut(raw);
    predictions.mean.push_back(mean);
    for (const double level : kLevels) {
      predictions.quantiles.push_back(Cut(mean + InterpolatedQuantile(errors, level)));
    }
    predictions.lower.push_back(Cut(mean + low));
    predictions.upper.push_back(Cut(mean + high));
  }
  return predictions;
}

Result<ModelPredictions> PredictionsFromDistributions(
    std::span<const RecoveryDistribution> distributions, const Calibration& calibration) {
  ModelPredictions predictions;
  for (const RecoveryDistribution& distribution : distributions) {
    RECOUP_ASSIGN(const RecoveryForecast forecast,
                  CalibrateForecast(distribution, calibration.coverage, calibration.margin));
    Append(forecast, predictions);
  }
  return predictions;
}

ModelPredictions PredictionsFromForecasts(std::span<const RecoveryForecast> forecasts) {
  ModelPredictions predictions;
  for (const RecoveryForecast& forecast : forecasts) {
    Append(forecast, predictions);
  }
  return predictions;
}

std::vector<RecoveryDistribution> AverageDistributions(
    std::span<const std::vector<RecoveryDistribution>> members) {
  RECOUP_CHECK(!members.empty());
  std::vector<RecoveryDistribution> averages;
  for (std::size_t i = 0; i < members.front().size(); ++i) {
    RecoveryDistribution::Masses masses{};
    for (const auto& member : members) {
      RECOUP_CHECK(member.size() == members.front().size());
      for (std::size_t cell = 0; cell < masses.size(); ++cell) {
        masses[cell] += member[i].masses()[cell] / static_cast<double>(members.size());
      }
    }
    Result<RecoveryDistribution> average = RecoveryDistribution::FromMasses(masses);
    RECOUP_CHECK(average.has_value());  // a mean of distributions is one
    averages.push_back(*average);
  }
  return averages;
}

}  // namespace recoup::model
