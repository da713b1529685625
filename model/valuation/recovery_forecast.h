// What the money side needs of a model: the distribution of a loan's recovery rate.
#pragma once

#include <array>
#include <cstddef>

#include "graph/types/rate.h"
#include "graph/types/result.h"

namespace recoup::model {

/// Bins of equal width inside (0, 1).
inline constexpr std::size_t kRecoveryBins = 25;
/// An atom at 0, the bins, an atom at 1.
inline constexpr std::size_t kRecoveryCells = kRecoveryBins + 2;

/// A distribution over recovery rates in [0, 1]: point masses at 0 and 1, and a histogram between.
/// Shape: mass[0] at exactly 0; mass[1 + b] uniform over [b / 25, (b + 1) / 25); mass[26] at
/// exactly 1. Masses are not negative and sum to 1 (docs/valuation.md, V-1).
class RecoveryDistribution {
 public:
  using Masses = std::array<double, kRecoveryCells>;

  /// All mass at 0.
  RecoveryDistribution();

  /// Errors: kInvalidArgument (a mass is negative or not finite, or they do not sum to 1 within
  /// 1e-6). A deviation beyond rounding is normalised away; the masses of a distribution give the
  /// same distribution back, bit for bit.
  static Result<RecoveryDistribution> FromMasses(const Masses& masses);

  /// Returns the cell that holds this recovery rate: 0 for 0, 26 for 1.
  /// REQUIRES: 0 <= recovery_rate <= 1.
  static std::size_t CellOf(double recovery_rate);

  const Masses& masses() const { return masses_; }

  /// V-2. Unit: recovery rate.
  double Mean() const;

  /// V-3: the smallest rate at which the cumulative mass reaches `probability`; linear within bins.
  /// REQUIRES: 0 <= probability <= 1.
  double Quantile(double probability) const;

  /// Probability of a recovery rate of at most `recovery_rate`.
  double Cumulative(double recovery_rate) const;

  bool operator==(const RecoveryDistribution&) const = default;

 private:
  Masses masses_{};
};

/// A calibrated forecast for one loan.
struct RecoveryForecast {
  RecoveryDistribution distribution;
  /// The calibrated central interval that holds the outcome with probability `coverage`.
  double lower = 0.0;
  double upper = 1.0;
  /// Unit: nominal probability, such as 0.8.
  double coverage = 0.8;

  bool operator==(const RecoveryForecast&) const = default;
};

}  // namespace recoup::model
