#include "model/valuation/tilted_distribution.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "model/valuation/portable_exp.h"

namespace recoup::model {
namespace {

using Masses = RecoveryDistribution::Masses;

// Between an atom and the bin beside it, half a bin apart, this is a factor of exp(800): no ratio
// of masses outweighs it.
constexpr double kSteepest = 40'000.0;
constexpr int kMostSteps = 200;
constexpr double kCloseEnough = 1e-12;

constexpr auto kBins = static_cast<double>(kRecoveryBins);
constexpr std::size_t kAtom = kRecoveryCells - 1;  // the upper one

// Whole vectors of lanes: sums run in four of them, on every machine.
constexpr std::size_t kLanes = 4;
constexpr std::size_t kPlaces = 28;
constexpr std::size_t kNear = 26;
constexpr std::size_t kFar = 27;
using Places = std::array<double, kPlaces>;
static_assert(kRecoveryBins <= kNear && kPlaces % kLanes == 0);

double MiddleOf(std::size_t cell) {
  if (cell == 0) return 0.0;
  if (cell == kAtom) return 1.0;
  return (static_cast<double>(cell) - 0.5) / kBins;
}

// The outermost cells with mass.
struct Reach {
  std::size_t lowest = 0;
  std::size_t highest = 0;
};

Reach ReachOf(const Masses& masses) {
  Reach reach{0, kAtom};
  while (masses[reach.lowest] <= 0.0) ++reach.lowest;
  while (masses[reach.highest] <= 0.0) --reach.highest;
  return reach;
}

// What a slope makes of the mean that is wanted.
struct Moments {
  double sum = 0.0;       // of masses that are not normalised
  double excess = 0.0;    // mean - wanted
  double variance = 0.0;  // the excess' first derivative by the slope
  double skew = 0.0;      // third central moment: its second derivative
};

// The cells from the one that a slope favours most, outward, since factors then only shrink:
// nothing overflows, and not all vanishes. The bins come first, then the atoms.
class Outward {
 public:
  // Not tilted yet.
  Outward(const Masses& masses, Reach reach, double wanted, bool upward)
      : upward_(upward), first_(upward ? kAtom - reach.highest : reach.lowest) {
    starts_with_atom_ = first_ == 0;
    first_ = std::max<std::size_t>(first_, 1);
    factors_.fill(1.0);
    for (std::size_t bin = first_; bin < kAtom; ++bin) Put(masses, wanted, bin, bin - first_);
    if (starts_with_atom_) Put(masses, wanted, 0, kNear);
    Put(masses, wanted, kAtom, kFar);
  }

  // Sets the factors exp(slope (middle - that of the favoured cell)): bins are equally far from
  // each other, so one exp and products give them all. REQUIRES: slope has the direction.
  void Tilt(double slope) {
    const double half = PortableExp(-std::abs(slope) / (2.0 * kBins));
    const double whole = half * half;
    const double start = starts_with_atom_ ? half : 1.0;
    const double twice = whole * whole;
    factors_[0] = start;
    factors_[1] = start * whole;
    factors_[2] = start * twice;
    factors_[3] = start * (whole * twice);
    const double four = twice * twice;
    for (std::size_t i = kLanes; i < kPlaces; ++i) factors_[i] = factors_[i - kLanes] * four;
    factors_[kNear] = 1.0;
    factors_[kFar] = factors_[kRecoveryBins - first_] * half;
  }

  Moments Measure() const {
    std::array<double, kLanes> sums{};
    std::array<double, kLanes> first{};
    std::array<double, kLanes> second{};
    std::array<double, kLanes> third{};
    for (std::size_t i = 0; i < kPlaces; i += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double mass = masses_[i + lane] * factors_[i + lane];
        const double once = mass * distances_[i + lane];
        const double twice = once * distances_[i + lane];
        sums[lane] += mass;
        first[lane] += once;
        second[lane] += twice;
        third[lane] += twice * distances_[i + lane];
      }
    }
    const double sum = Total(sums);
    const double inverse = 1.0 / sum;
    const double excess = Total(first) * inverse;
    const double square = Total(second) * inverse;
    const double variance = square - excess * excess;
    return {sum, excess, variance,
            Total(third) * inverse - excess * (3.0 * square - 2.0 * excess * excess)};
  }

  Masses Normalised(double sum) const {
    Masses masses{};
    for (std::size_t bin = first_; bin < kAtom; ++bin) {
      masses[CellAt(bin)] = masses_[bin - first_] * factors_[bin - first_] / sum;
    }
    masses[CellAt(0)] = masses_[kNear] / sum;
    masses[CellAt(kAtom)] = masses_[kFar] * factors_[kFar] / sum;
    return masses;
  }

 private:
  std::size_t CellAt(std::size_t outward) const { return upward_ ? kAtom - outward : outward; }

  void Put(const Masses& masses, double wanted, std::size_t outward, std::size_t place) {
    const std::size_t cell = CellAt(outward);
    masses_[place] = masses[cell];
    distances_[place] = MiddleOf(cell) - wanted;
  }

  static double Total(const std::array<double, kLanes>& lanes) {
    return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
  }

  bool upward_;
  std::size_t first_;  // bin with mass, counted outward from the end
  bool starts_with_atom_ = false;
  Places masses_{};
  Places distances_{};  // of the cells' middles from the wanted mean
  Places factors_{};
};

// Halley's step, or Newton's where it would go astray.
double StepFrom(const Moments& at) {
  // A variance that rounding took away sends the step out of the bounds.
  const double variance = std::max(at.variance, 1e-300);
  const double newton = -at.excess / variance;
  const double bend = 1.0 + newton * at.skew / (2.0 * variance);
  return bend > 0.5 && bend < 2.0 ? newton / bend : newton;
}

Masses TiltBetween(const Masses& masses, Reach reach, double mean, Moments at) {
  const bool upward = at.excess < 0.0;
  Outward cells(masses, reach, mean, upward);
  double low = upward ? 0.0 : -kSteepest;
  double high = upward ? kSteepest : 0.0;
  double slope = 0.0;
  for (int step = 0; step < kMostSteps; ++step) {
    // Kept between the bounds that are known to enclose the root.
    const double next = slope + StepFrom(at);
    slope = next > low && next < high ? next : (low + high) / 2.0;
    cells.Tilt(slope);
    at = cells.Measure();
    if (std::abs(at.excess) <= kCloseEnough) break;
    (at.excess < 0.0 ? low : high) = slope;
  }
  return cells.Normalised(at.sum);
}

Moments AsGiven(const Masses& masses, Reach reach, double mean) {
  return Outward(masses, reach, mean, false).Measure();
}

Masses AllIn(std::size_t cell) {
  Masses masses{};
  masses[cell] = 1.0;
  return masses;
}

Masses TiltMasses(const Masses& masses, double mean) {
  const Reach reach = ReachOf(masses);
  if (mean <= MiddleOf(reach.lowest)) return AllIn(reach.lowest);
  if (mean >= MiddleOf(reach.highest)) return AllIn(reach.highest);
  const Moments given = AsGiven(masses, reach, mean);
  if (std::abs(given.excess) <= kCloseEnough) return masses;
  return TiltBetween(masses, reach, mean, given);
}

}  // namespace

RecoveryDistribution TiltToMean(const RecoveryDistribution& distribution, double mean) {
  const auto made = RecoveryDistribution::FromMasses(TiltMasses(distribution.masses(), mean));
  return made.has_value() ? *made : distribution;
}

}  // namespace recoup::model
