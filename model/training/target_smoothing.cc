#include "model/training/target_smoothing.h"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace recoup::model {
namespace {

constexpr double kUniformShare = 0.01;

double NormalCumulative(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

}  // namespace

std::array<double, kRecoveryCells> SmoothTarget(double recovery_rate) {
  std::array<double, kRecoveryCells> target{};
  if (recovery_rate <= 0.0 || recovery_rate >= 1.0) {
    target[recovery_rate <= 0.0 ? 0 : kRecoveryCells - 1] = 1.0;
    return target;
  }
  const double centre = recovery_rate * static_cast<double>(kRecoveryBins);
  const double first = NormalCumulative(-centre / kSmoothingBins);
  double below = first;
  for (std::size_t bin = 0; bin < kRecoveryBins; ++bin) {
    const double edge = static_cast<double>(bin + 1);
    const double above = NormalCumulative((edge - centre) / kSmoothingBins);
    target[1 + bin] = above - below;
    below = above;
  }
  for (double& mass : target) mass /= below - first;
  return target;
}

std::array<double, kRecoveryCells> TargetHistogram(std::span<const double> recovery_rates) {
  std::array<double, kRecoveryCells> sums{};
  for (const double rate : recovery_rates) {
    const auto target = SmoothTarget(rate);
    for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) sums[cell] += target[cell];
  }
  for (double& mass : sums) {
    mass = (1.0 - kUniformShare) * mass / static_cast<double>(recovery_rates.size()) +
           kUniformShare / static_cast<double>(kRecoveryCells);
  }
  return sums;
}

}  // namespace recoup::model
