// The distribution that docs/valuation.md works through by hand.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// 0.1 at zero, 0.4 in [0.20, 0.24), 0.3 in [0.60, 0.64), 0.2 at one.
inline RecoveryDistribution WorkedExample() {
  RecoveryDistribution::Masses masses{};
  masses[0] = 0.1;
  masses[1 + 5] = 0.4;
  masses[1 + 15] = 0.3;
  masses[26] = 0.2;
  const auto distribution = RecoveryDistribution::FromMasses(masses);
  REQUIRE(distribution.has_value());
  return *distribution;
}

}  // namespace recoup::model
