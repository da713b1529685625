#include "model/runtime/rolling_calibration.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace recoup::model {
namespace {

// The ceil((n + 1) level)-th smallest, or the largest if there is no such. REQUIRES: not empty.
// The slack keeps (9 + 1) * 0.8 at 8 in spite of rounding.
double ConformalRank(std::vector<double> values, double level) {
  const double rank = std::ceil((static_cast<double>(values.size()) + 1.0) * level - 1e-9);
  const auto position =
      static_cast<std::ptrdiff_t>(std::clamp(rank, 1.0, static_cast<double>(values.size())) - 1.0);
  std::nth_element(values.begin(), values.begin() + position, values.end());
  return values[static_cast<std::size_t>(position)];
}

}  // namespace

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
  const double overall = ConformalRank(std::move(all), calibration.coverage);
  for (std::size_t band = 0; band < bands.size(); ++band) {
    margins.of_band[band] = bands[band].size() < kFewestInBand
                                ? overall
                                : ConformalRank(std::move(bands[band]), calibration.coverage);
  }
  return margins;
}

}  // namespace recoup::model
