#include "model/valuation/calibrated_interval.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace recoup::model {

Result<RecoveryForecast> CalibrateForecast(const RecoveryDistribution& distribution,
                                           double coverage, double margin) {
  if (!(coverage > 0.0 && coverage < 1.0)) {
    return Error{
        ErrorCode::kInvalidArgument,
        "the coverage of an interval must lie between 0 and 1: " + std::to_string(coverage)};
  }
  if (!std::isfinite(margin)) {
    return Error{ErrorCode::kInvalidArgument, "the margin of an interval must be finite"};
  }
  double lower = distribution.Quantile((1.0 - coverage) / 2.0) - margin;
  double upper = distribution.Quantile((1.0 + coverage) / 2.0) + margin;
  if (lower > upper) lower = upper = (lower + upper) / 2.0;
  return RecoveryForecast{.distribution = distribution,
                          .lower = std::clamp(lower, 0.0, 1.0),
                          .upper = std::clamp(upper, 0.0, 1.0),
                          .coverage = coverage};
}

}  // namespace recoup::model
