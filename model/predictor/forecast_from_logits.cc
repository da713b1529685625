#include "model/predictor/forecast_from_logits.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "model/valuation/calibrated_interval.h"
#include "model/valuation/portable_exp.h"

namespace recoup::model {

Result<RecoveryForecast> ForecastFromLogits(std::span<const float, kRecoveryCells> logits,
                                            const Calibration& calibration) {
  if (!std::all_of(logits.begin(), logits.end(), [](float x) { return std::isfinite(x); })) {
    return Error{ErrorCode::kInternal, "network gave a number that is not finite"};
  }
  const double largest = *std::max_element(logits.begin(), logits.end());
  RecoveryDistribution::Masses masses{};
  double sum = 0.0;
  for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
    masses[cell] = static_cast<double>(logits[cell]) - largest;
  }
  PortableExpOf(masses);
  for (const double mass : masses) sum += mass;
  for (double& mass : masses) mass /= sum;
  RECOUP_ASSIGN(const auto distribution, RecoveryDistribution::FromMasses(masses));
  return CalibrateForecast(distribution, calibration.coverage, calibration.margin);
}

}  // namespace recoup::model
