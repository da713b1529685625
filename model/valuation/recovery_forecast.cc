#include "model/valuation/recovery_forecast.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace recoup::model {
namespace {

constexpr double kBins = static_cast<double>(kRecoveryBins);
// Sums of 27 masses carry rounding errors near 1e-16; a quantile must not jump to the next cell for
// the sake of one.
constexpr double kRoundingSlack = 1e-12;

double LowerEdge(std::size_t bin) { return static_cast<double>(bin) / kBins; }

// What rounding alone can make of a sum of masses that were normalised before. Such masses stay as
// they are, or a distribution would change in its last bits each time it is sent and rebuilt.
constexpr double kRoundingError = 1e-12;

}  // namespace

RecoveryDistribution::RecoveryDistribution() { masses_[0] = 1.0; }

Result<RecoveryDistribution> RecoveryDistribution::FromMasses(const Masses& masses) {
  for (const double mass : masses) {
    if (!std::isfinite(mass) || mass < 0.0) {
      return Error{ErrorCode::kInvalidArgument,
                   "a probability mass must be finite and not negative: " + std::to_string(mass)};
    }
  }
  const double total = std::accumulate(masses.begin(), masses.end(), 0.0);
  if (!(std::fabs(total - 1.0) <= 1e-6)) {
    return Error{ErrorCode::kInvalidArgument,
                 "probability masses must sum to 1 within 1e-6: " + std::to_string(total)};
  }
  RecoveryDistribution distribution;
  distribution.masses_ = masses;
  if (std::fabs(total - 1.0) > kRoundingError) {
    for (double& mass : distribution.masses_) mass /= total;
  }
  return distribution;
}

std::size_t RecoveryDistribution::CellOf(double recovery_rate) {
  RECOUP_CHECK(recovery_rate >= 0.0 && recovery_rate <= 1.0);
  if (recovery_rate == 0.0) return 0;
  if (recovery_rate == 1.0) return kRecoveryCells - 1;
  auto bin = std::min(static_cast<std::size_t>(recovery_rate * kBins), kRecoveryBins - 1);
  // The product may round across an edge; the edges themselves decide.
  if (recovery_rate < LowerEdge(bin)) --bin;
  if (bin + 1 < kRecoveryBins && recovery_rate >= LowerEdge(bin + 1)) ++bin;
  return 1 + bin;
}

double RecoveryDistribution::Mean() const {
  double mean = masses_[kRecoveryCells - 1];
  for (std::size_t bin = 0; bin < kRecoveryBins; ++bin) {
    mean += masses_[1 + bin] * (static_cast<double>(bin) + 0.5) / kBins;
  }
  return std::clamp(mean, 0.0, 1.0);
}

double RecoveryDistribution::Quantile(double probability) const {
  RECOUP_CHECK(probability >= 0.0 && probability <= 1.0);
  double below = masses_[0];
  if (probability <= below + kRoundingSlack && (below > 0.0 || probability == 0.0)) return 0.0;
  double reached = 0.0;
  for (std::size_t bin = 0; bin < kRecoveryBins; ++bin) {
    const double mass = masses_[1 + bin];
    if (mass <= 0.0) continue;
    if (probability <= below + mass + kRoundingSlack) {
      const double share = std::clamp((probability - below) / mass, 0.0, 1.0);
      return std::min((static_cast<double>(bin) + share) / kBins, 1.0);
    }
    below += mass;
    reached = LowerEdge(bin + 1);
  }
  return masses_[kRecoveryCells - 1] > 0.0 ? 1.0 : reached;
}

double RecoveryDistribution::Cumulative(double recovery_rate) const {
  if (!(recovery_rate >= 0.0)) return 0.0;
  if (recovery_rate >= 1.0) return 1.0;
  double total = masses_[0];
  if (recovery_rate == 0.0) return total;
  const std::size_t cell = CellOf(recovery_rate);
  for (std::size_t full = 1; full < cell; ++full) total += masses_[full];
  const double share = std::clamp((recovery_rate - LowerEdge(cell - 1)) * kBins, 0.0, 1.0);
  return std::min(total + masses_[cell] * share, 1.0);
}

}  // namespace recoup::model
