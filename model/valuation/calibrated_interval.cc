#include "model/valuation/calibrated_interval.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

namespace recoup::model {

CentralInterval CentralIntervalOf(const RecoveryDistribution& distribution, double coverage) {
  const double tail = (1.0 - coverage) / 2.0;
  return {distribution.Quantile(tail), distribution.Quantile(1.0 - tail)};
}

double ConformityOf(const CentralInterval& interval, double outcome) {
  return std::max(interval.low - outcome, outcome - interval.high);
}

double ConformalQuantile(std::vector<double> values, double level) {
  RECOUP_CHECK(!values.empty());
  // The slack keeps (9 + 1) * 0.8 at 8 in spite of rounding.
  const double rank = std::ceil(static_cast<double>(values.size() + 1) * level - 1e-9);
  const auto position = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  const std::size_t kept = std::min(position, values.size() - 1);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(kept),
                   values.end());
  return values[kept];
}

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
  const CentralInterval interval = CentralIntervalOf(distribution, coverage);
  double lower = interval.low - margin;
  double upper = interval.high + margin;
  if (lower > upper) lower = upper = (lower + upper) / 2.0;
  return RecoveryForecast{.distribution = distribution,
                          .lower = std::clamp(lower, 0.0, 1.0),
                          .upper = std::clamp(upper, 0.0, 1.0),
                          .coverage = coverage};
}

}  // namespace recoup::model
