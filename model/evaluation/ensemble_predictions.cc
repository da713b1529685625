#include "model/evaluation/ensemble_predictions.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <utility>

#include "model/evaluation/conformal.h"
#include "model/evaluation/quantile_levels.h"
#include "model/runtime/rolling_calibration.h"
#include "model/valuation/calibrated_interval.h"
#include "model/valuation/tilted_distribution.h"

namespace recoup::model {
namespace {

constexpr std::size_t kFewestErrors = 100;
constexpr double kDoubtfulLoans = 100.0;

struct KnownError {
  Date known_at;
  double error = 0.0;
};

std::vector<double> NewestErrors(std::span<const KnownError> errors, Date day, std::size_t window) {
  const auto end =
      std::lower_bound(errors.begin(), errors.end(), day,
                       [](const KnownError& e, Date limit) { return e.known_at < limit; });
  const auto known = static_cast<std::size_t>(end - errors.begin());
  // Nobody knows yet: anything may come out.
  if (known < kFewestErrors) return {-1.0, 1.0};
  std::vector<double> newest;
  for (std::size_t i = known - std::min(known, window); i < known; ++i) {
    newest.push_back(errors[i].error);
  }
  std::sort(newest.begin(), newest.end());
  return newest;
}

void AppendAround(double mean, std::span<const double> errors, ModelPredictions* predictions) {
  const auto cut = [](double rate) { return std::clamp(rate, 0.0, 1.0); };
  predictions->mean.push_back(cut(mean));
  for (const double level : kLevels) {
    predictions->quantiles.push_back(cut(mean + InterpolatedQuantile(errors, level)));
  }
  predictions->lower.push_back(cut(mean + InterpolatedQuantile(errors, kLevels[kLevel10])));
  predictions->upper.push_back(cut(mean + InterpolatedQuantile(errors, kLevels[kLevel90])));
}

}  // namespace

double ShareOfSecond(std::span<const double> outcomes, std::span<const double> first,
                     std::span<const double> second) {
  RECOUP_CHECK(outcomes.size() == first.size() && first.size() == second.size());
  double with_error = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const double step = second[i] - first[i];
    with_error += (outcomes[i] - first[i]) * step;
    squares += step * step;
  }
  if (!(squares > 0.0)) return 0.0;
  const auto loans = static_cast<double>(outcomes.size());
  return std::clamp(with_error / (squares * (1.0 + kDoubtfulLoans / loans)), 0.0, 1.0);
}

std::vector<double> Blend(std::span<const double> first, std::span<const double> second,
                          double share) {
  RECOUP_CHECK(first.size() == second.size());
  std::vector<double> blended;
  blended.reserve(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    blended.push_back((1.0 - share) * first[i] + share * second[i]);
  }
  return blended;
}

std::vector<double> MeansOfAll(std::span<const RecoveryDistribution> distributions) {
  std::vector<double> means;
  means.reserve(distributions.size());
  for (const RecoveryDistribution& one : distributions) means.push_back(one.Mean());
  return means;
}

std::vector<RecoveryDistribution> TiltAll(std::span<const RecoveryDistribution> distributions,
                                          std::span<const double> means) {
  RECOUP_CHECK(distributions.size() == means.size());
  std::vector<RecoveryDistribution> tilted;
  tilted.reserve(means.size());
  for (std::size_t i = 0; i < means.size(); ++i) {
    tilted.push_back(TiltToMean(distributions[i], means[i]));
  }
  return tilted;
}

std::vector<ConformityScore> ScoresOf(std::span<const RecoveryDistribution> distributions,
                                      std::span<const Example> loans) {
  RECOUP_CHECK(distributions.size() == loans.size());
  std::vector<ConformityScore> scores;
  for (std::size_t i = 0; i < loans.size(); ++i) {
    scores.push_back(ScoreOf(ForLedger(distributions[i], RollingCalibration{}.coverage),
                             loans[i].recovery_rate, loans[i].outcome_known_at));
  }
  std::stable_sort(scores.begin(), scores.end(),
                   [](const auto& a, const auto& b) { return a.known_at < b.known_at; });
  return scores;
}

RollingCalibration CalibrateRolling(std::vector<ConformityScore> scores) {
  RollingCalibration calibration;
  std::vector<double> means;
  for (const ConformityScore& score : scores) {
    means.push_back(static_cast<double>(score.forecast_mean));
  }
  if (!means.empty()) {
    std::sort(means.begin(), means.end());
    calibration.band_ends = {static_cast<float>(InterpolatedQuantile(means, 1.0 / 3.0)),
                             static_cast<float>(InterpolatedQuantile(means, 2.0 / 3.0))};
  }
  calibration.scores = std::move(scores);
  return calibration;
}

Result<ModelPredictions> PredictRolling(std::span<const RecoveryDistribution> distributions,
                                        std::span<const Example> loans,
                                        const RollingCalibration& calibration) {
  std::vector<ConformityScore> scores = calibration.scores;
  const std::vector<ConformityScore> own = ScoresOf(distributions, loans);
  scores.insert(scores.end(), own.begin(), own.end());
  std::stable_sort(scores.begin(), scores.end(),
                   [](const auto& a, const auto& b) { return a.known_at < b.known_at; });
  std::map<Date, Margins> margins;
  std::vector<RecoveryForecast> forecasts;
  for (std::size_t i = 0; i < loans.size(); ++i) {
    const Date day = loans[i].as_of;
    auto found = margins.find(day);
    if (found == margins.end()) {
      found = margins.emplace(day, MarginsOn(calibration, scores, day)).first;
    }
    const std::size_t band = BandOf(calibration, distributions[i].Mean());
    RECOUP_ASSIGN(
        RecoveryForecast forecast,
        CalibrateForecast(distributions[i], calibration.coverage, found->second.of_band[band]));
    forecasts.push_back(std::move(forecast));
  }
  return PredictionsFromForecasts(forecasts);
}

ModelPredictions PredictRollingFromMeans(std::span<const double> means,
                                         std::span<const Example> loans, std::size_t window) {
  RECOUP_CHECK(means.size() == loans.size());
  std::vector<KnownError> errors;
  for (std::size_t i = 0; i < loans.size(); ++i) {
    errors.push_back(
        {loans[i].outcome_known_at, loans[i].recovery_rate - std::clamp(means[i], 0.0, 1.0)});
  }
  std::stable_sort(errors.begin(), errors.end(),
                   [](const auto& a, const auto& b) { return a.known_at < b.known_at; });
  std::map<Date, std::vector<double>> newest;
  ModelPredictions predictions;
  for (std::size_t i = 0; i < loans.size(); ++i) {
    auto found = newest.find(loans[i].as_of);
    if (found == newest.end()) {
      found = newest.emplace(loans[i].as_of, NewestErrors(errors, loans[i].as_of, window)).first;
    }
    AppendAround(std::clamp(means[i], 0.0, 1.0), found->second, &predictions);
  }
  return predictions;
}

}  // namespace recoup::model
