// How much of each loan is truly recovered: the known law behind a generated portfolio.
#pragma once

#include <cstddef>
#include <vector>

#include "graph/synthetic/group.h"
#include "graph/synthetic/random.h"
#include "graph/synthetic/world.h"
#include "graph/types/date.h"

namespace recoup::graph::synthetic {

/// What pushes a loan's recovery up or down; each has a mean near 0 over a portfolio. Only `own`
/// can be read off the loan's own columns.
struct Components {
  double own = 0.0;         // class, age, amount, product
  double collateral = 0.0;  // value net of senior liens, relative to the balance
  double guarantors = 0.0;  // free assets, spent once, relative to the balance
  double debtor = 0.0;      // net assets relative to the debts
  double court = 0.0;       // hidden speed
  double lender = 0.0;      // hidden workout quality, drifting
  double region = 0.0;      // hidden shock, drifting

  double Sum() const { return own + collateral + guarantors + debtor + court + lender + region; }
};

/// Weights of the components, and the curve from their sum to a recovery rate:
/// rate = clip((logistic(center + scale * (sum + noise)) - low) / (high - low), 0, 1),
/// noise normal with mean 0 and standard deviation kNoise. The clipping makes the atoms at 0 and 1.
inline constexpr double kCollateralWeight = 0.95;
inline constexpr double kGuarantorWeight = 0.75;
inline constexpr double kDebtorWeight = 0.45;
inline constexpr double kCourtWeight = 0.30;
inline constexpr double kLenderWeight = 0.26;
inline constexpr double kRegionWeight = 0.16;
inline constexpr double kNoise = 0.69;
inline constexpr double kCenter = -0.55;
inline constexpr double kScale = 1.5;
inline constexpr double kLow = 0.064;
inline constexpr double kHigh = 0.90;

/// Returns the components of every loan of the group, in order.
std::vector<Components> ComponentsOf(const World& world, const Group& group);

/// The recovery rate for this sum of components and noise.
double RecoveryRate(double sum, double noise);

/// The mean of RecoveryRate over the noise.
double ExpectedRecoveryRate(double sum);

/// What became of a loan.
struct Outcome {
  double noise = 0.0;
  double recovery_rate = 0.0;  // rounded to 4 decimals
  Date known_on;               // 6 to 36 months after the default; later at slow courts
};

Outcome DrawOutcome(const World& world, const Loan& loan, double sum, Random* random);

}  // namespace recoup::graph::synthetic
