#include "model/runtime/rolling_calibration.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "model/valuation/calibrated_interval.h"

namespace recoup::model {
LedgerForecast ForLedger(const RecoveryDistribution& forecast, double coverage) {
  const CentralInterval interval = CentralIntervalOf(forecast, coverage);
  return {forecast.Mean(), interval.low, interval.high};
}

ConformityScore ScoreOf(const LedgerForecast& forecast, double outcome, Date known_at) {
  return {known_at, static_cast<float>(forecast.mean),
          static_cast<float>(ConformityOf({forecast.low, forecast.high}, outcome))};
}

std::size_t BandOf(const RollingCalibration& calibration, double forecast_mean) {
  std::size_t band = 0;
  for (const float end : calibration.band_ends) {
    if (forecast_mean >= static_cast<double>(end)) ++band;
  }
  return band;
}

Margins MarginsOn(const RollingCalibration& calibration, std::span<const ConformityScore> scores,
                  Date day) {
  const auto end = std::lower_bound(
      scores.begin(), scores.end(), day,
      [](const ConformityScore& score, Date limit) { return score.known_at < limit; });
  const auto known = static_cast<std::size_t>(end - scores.begin());
  const std::size_t count = std::min<std::size_t>(known, calibration.window);
  std::vector<double> all;
  std::array<std::vector<double>, 3> bands;
  for (const ConformityScore& score : scores.subspan(known - count, count)) {
    const auto value = static_cast<double>(score.score);
    all.push_back(value);
    bands[BandOf(calibration, static_cast<double>(score.forecast_mean))].push_back(value);
  }
  Margins margins;
  margins.outcomes = count;
  if (all.empty()) return margins;
  const double overall = ConformalQuantile(std::move(all), calibration.coverage);
  for (std::size_t band = 0; band < bands.size(); ++band) {
    margins.of_band[band] = bands[band].size() < kFewestInBand
                                ? overall
                                : ConformalQuantile(std::move(bands[band]), calibration.coverage);
  }
  return margins;
}

}  // namespace recoup::model
