#include "model/valuation/tilted_distribution.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace recoup::model {
namespace {

// Between an atom and the bin beside it, half a bin apart, this is a factor of exp(800): no ratio
// of masses outweighs it.
constexpr double kSteepest = 40'000.0;
constexpr int kMostSteps = 200;
constexpr double kCloseEnough = 1e-12;

double MiddleOf(std::size_t cell) {
  if (cell == 0) return 0.0;
  if (cell + 1 == kRecoveryCells) return 1.0;
  return (static_cast<double>(cell) - 0.5) / static_cast<double>(kRecoveryBins);
}

struct Tilted {
  RecoveryDistribution::Masses masses{};
  double mean = 0.0;
  double variance = 0.0;
};

Tilted Tilt(const RecoveryDistribution::Masses& masses, double slope) {
  Tilted tilted;
  // The largest exponent of a cell with mass is taken out: nothing overflows, and not all vanishes.
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
    if (masses[cell] > 0.0) largest = std::max(largest, slope * MiddleOf(cell));
  }
  double sum = 0.0;
  for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
    if (masses[cell] <= 0.0) continue;
    tilted.masses[cell] = masses[cell] * std::exp(slope * MiddleOf(cell) - largest);
    sum += tilted.masses[cell];
  }
  double squares = 0.0;
  for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
    tilted.masses[cell] /= sum;
    tilted.mean += tilted.masses[cell] * MiddleOf(cell);
    squares += tilted.masses[cell] * MiddleOf(cell) * MiddleOf(cell);
  }
  tilted.variance = squares - tilted.mean * tilted.mean;
  return tilted;
}

}  // namespace

RecoveryDistribution TiltToMean(const RecoveryDistribution& distribution, double mean) {
  double low = -kSteepest;
  double high = kSteepest;
  double slope = 0.0;
  Tilted tilted = Tilt(distribution.masses(), slope);
  for (int step = 0; step < kMostSteps && std::abs(tilted.mean - mean) > kCloseEnough; ++step) {
    (tilted.mean < mean ? low : high) = slope;
    // Newton, kept between the bounds that are known to enclose the root. A variance that rounding
    // took away sends it out of them.
    const double newton = slope + (mean - tilted.mean) / std::max(tilted.variance, 1e-300);
    slope = newton > low && newton < high ? newton : (low + high) / 2.0;
    tilted = Tilt(distribution.masses(), slope);
  }
  const auto made = RecoveryDistribution::FromMasses(tilted.masses);
  return made.has_value() ? *made : distribution;
}

}  // namespace recoup::model
