#include "model/evaluation/conformal.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "model/evaluation/counter_random.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using Values = std::vector<double>;

/// All mass uniform over the bin that begins at `bin` / 25.
RecoveryDistribution OneBin(std::size_t bin) {
  RecoveryDistribution::Masses masses{};
  masses[bin + 1] = 1.0;
  return *RecoveryDistribution::FromMasses(masses);
}

TEST_CASE("A quantile between two values is interpolated") {
  const Values values = {0.0, 1.0, 2.0, 4.0};
  CHECK(InterpolatedQuantile(values, 0.0) == 0.0);
  CHECK(InterpolatedQuantile(values, 0.5) == Approx(1.5));  // position 1.5
  CHECK(InterpolatedQuantile(values, 1.0) == 4.0);
  CHECK(InterpolatedQuantile(Values{3.0}, 0.7) == 3.0);
}

TEST_CASE("The margin is the conformal quantile of the distance to the interval") {
  // One bin at .4: q10 = .404, q90 = .436. Four outcomes inside or outside:
  // scores .42 -> -.016, .5 -> .064, .3 -> .104, .404 -> 0; rank ceil(5 * .8) = 4: .104.
  const std::vector<RecoveryDistribution> distributions(4, OneBin(10));
  const Calibration calibration = CalibrateIntervals(distributions, Values{0.42, 0.5, 0.3, 0.404});
  CHECK(calibration.margin == Approx(0.104));
  CHECK(calibration.coverage == 0.8);
  CHECK(calibration.loans == 4);
}

TEST_CASE("Calibrated intervals cover new outcomes of the same kind as often as promised") {
  const RecoveryDistribution distribution = OneBin(12);
  const std::vector<RecoveryDistribution> distributions(2000, distribution);
  Values seen;
  for (std::uint64_t i = 0; i < 2000; ++i) seen.push_back(UnitInterval(CounterRandom(1, 1, i)));
  const Calibration calibration = CalibrateIntervals(distributions, seen);
  int covered = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const double outcome = UnitInterval(CounterRandom(1, 2, i));
    covered += outcome >= distribution.Quantile(0.1) - calibration.margin &&
               outcome <= distribution.Quantile(0.9) + calibration.margin;
  }
  CHECK(covered / 2000.0 == Approx(0.8).margin(0.04));
}

}  // namespace
}  // namespace recoup::model
