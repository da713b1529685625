#include "model/evaluation/conformal.h"

#include <algorithm>
#include <cmath>

namespace recoup::model {

double InterpolatedQuantile(std::span<const double> values, double level) {
  RECOUP_CHECK(!values.empty());
  const double position = level * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const double share = position - static_cast<double>(below);
  return values[below] + share * (values[above] - values[below]);
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

Calibration CalibrateIntervals(std::span<const RecoveryDistribution> distributions,
                               std::span<const double> outcomes, double coverage) {
  RECOUP_CHECK(distributions.size() == outcomes.size() && !outcomes.empty());
  const double tail = (1.0 - coverage) / 2.0;
  std::vector<double> scores;
  scores.reserve(outcomes.size());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    scores.push_back(std::max(distributions[i].Quantile(tail) - outcomes[i],
                              outcomes[i] - distributions[i].Quantile(1.0 - tail)));
  }
  return {coverage, ConformalQuantile(std::move(scores), coverage), outcomes.size()};
}

}  // namespace recoup::model
