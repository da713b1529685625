#include "model/evaluation/conformal.h"

#include <algorithm>

namespace recoup::model {

double InterpolatedQuantile(std::span<const double> values, double level) {
  RECOUP_CHECK(!values.empty());
  const double position = level * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const double share = position - static_cast<double>(below);
  return values[below] + share * (values[above] - values[below]);
}

Calibration CalibrateIntervals(std::span<const RecoveryDistribution> distributions,
                               std::span<const double> outcomes, double coverage) {
  RECOUP_CHECK(distributions.size() == outcomes.size() && !outcomes.empty());
  std::vector<double> scores;
  scores.reserve(outcomes.size());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    scores.push_back(ConformityOf(CentralIntervalOf(distributions[i], coverage), outcomes[i]));
  }
  return {coverage, ConformalQuantile(std::move(scores), coverage), outcomes.size()};
}

}  // namespace recoup::model
