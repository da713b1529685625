#include "model/evaluation/metrics.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "model/evaluation/counter_random.h"
#include "model/evaluation/quantile_levels.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using Values = std::vector<double>;

double Draw(std::uint64_t stream, std::uint64_t counter) {
  return UnitInterval(CounterRandom(3, stream, counter));
}

RecoveryDistribution Distribution(const RecoveryDistribution::Masses& masses) {
  const auto made = RecoveryDistribution::FromMasses(masses);
  REQUIRE(made.has_value());
  return *made;
}

RecoveryDistribution Uniform() {
  RecoveryDistribution::Masses masses{};
  std::fill(masses.begin() + 1, masses.end() - 1, 1.0 / kRecoveryBins);
  return Distribution(masses);
}

RecoveryDistribution RandomDistribution(std::uint64_t stream) {
  RecoveryDistribution::Masses masses{};
  double sum = 0.0;
  for (std::size_t i = 0; i < masses.size(); ++i) sum += masses[i] = std::pow(Draw(stream, i), 3);
  for (double& mass : masses) mass /= sum;
  return Distribution(masses);
}

TEST_CASE("Errors of three loans agree with a calculation by hand") {
  // Mean .5, total .25 + 0 + .25 = .5, errors .0625 + 0 + .0625 = .125, so R2 = 1 - .25.
  const Values outcomes = {0.0, 0.5, 1.0};
  const Values predictions = {0.25, 0.5, 0.75};
  CHECK(RSquared(outcomes, predictions) == Approx(0.75));
  CHECK(MeanAbsoluteError(outcomes, predictions) == Approx(0.5 / 3));
  CHECK(RootMeanSquaredError(outcomes, predictions) == Approx(std::sqrt(0.125 / 3)));
}

TEST_CASE("The mean of the slice has an R2 of 0 and any other constant a negative one") {
  const Values outcomes = {0.1, 0.2, 0.6};
  CHECK(RSquared(outcomes, Values(3, 0.3)) == Approx(0.0).margin(1e-12));
  CHECK(RSquared(outcomes, Values(3, 0.4)) < 0.0);
}

TEST_CASE("What is not defined is NaN") {
  CHECK(std::isnan(RSquared(Values(3, 0.4), Values(3, 0.4))));
  CHECK(std::isnan(SpearmanCorrelation(Values{0.1, 0.2}, Values(2, 0.5))));
  CHECK(std::isnan(RSquared({}, {})));
  CHECK(std::isnan(CrpsOfQuantiles({}, {})));
}

TEST_CASE("Spearman's correlation shares the ranks of ties") {
  // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: covariance 4.5, variances 4.5 and 5.
  const Values outcomes = {0.1, 0.2, 0.2, 0.4};
  CHECK(SpearmanCorrelation(outcomes, Values{0.1, 0.3, 0.2, 0.4}) ==
        Approx(4.5 / std::sqrt(4.5 * 5.0)));
}

TEST_CASE("Spearman's correlation sees order only") {
  Values outcomes;
  Values curved;
  Values reversed;
  for (std::uint64_t i = 0; i < 50; ++i) {
    outcomes.push_back(Draw(1, i));
    curved.push_back(std::exp(5.0 * outcomes.back()));
    reversed.push_back(-outcomes.back());
  }
  CHECK(SpearmanCorrelation(outcomes, curved) == Approx(1.0));
  CHECK(SpearmanCorrelation(outcomes, reversed) == Approx(-1.0));
}

TEST_CASE("The CRPS of a point forecast is its absolute error") {
  // 2/19 * .2 * (sum of the levels, 9.5) = .2, from either side.
  const Values point(kQuantileLevels, 0.5);
  CHECK(CrpsOfQuantiles(Values{0.7}, point) == Approx(0.2));
  CHECK(CrpsOfQuantiles(Values{0.3}, point) == Approx(0.2));
}

TEST_CASE("The CRPS of uniform quantiles agrees with a calculation by hand") {
  // sum over k = 1..9 of k (10 - k) / 400 = .4125 on each side of .5; 2/19 * .825.
  CHECK(CrpsOfQuantiles(Values{0.5}, Values(kLevels.begin(), kLevels.end())) ==
        Approx(2.0 / 19.0 * 0.825));
}

TEST_CASE("The exact CRPS agrees with integrals by hand") {
  CHECK(CrpsOfDistribution(RecoveryDistribution(), 0.3) == Approx(0.3));  // all mass at 0
  CHECK(CrpsOfDistribution(Uniform(), 0.5) == Approx(1.0 / 12.0));
  CHECK(CrpsOfDistribution(Uniform(), 0.0) == Approx(1.0 / 3.0));
  CHECK(CrpsOfDistribution(Uniform(), 1.0) == Approx(1.0 / 3.0));
  RecoveryDistribution::Masses coin{};
  coin.front() = coin.back() = 0.5;
  CHECK(CrpsOfDistribution(Distribution(coin), 0.77) == Approx(0.25));
}

TEST_CASE("The exact CRPS agrees with a numeric integral for any distribution and outcome") {
  constexpr int kSteps = 20000;
  for (std::uint64_t trial = 0; trial < 20; ++trial) {
    const RecoveryDistribution distribution = RandomDistribution(100 + trial);
    const double outcome = Draw(2, trial);
    double sum = 0.0;
    for (int step = 0; step < kSteps; ++step) {
      const double x = (step + 0.5) / kSteps;
      const double error = distribution.Cumulative(x) - (x >= outcome ? 1.0 : 0.0);
      sum += error * error / kSteps;
    }
    CHECK(CrpsOfDistribution(distribution, outcome) == Approx(sum).margin(2e-4));
  }
}

TEST_CASE("The CRPS of 19 quantiles is near the exact one") {
  for (std::uint64_t trial = 0; trial < 20; ++trial) {
    const RecoveryDistribution distribution = RandomDistribution(200 + trial);
    Values quantiles;
    for (const double level : kLevels) quantiles.push_back(distribution.Quantile(level));
    const double outcome = Draw(5, trial);
    CHECK(CrpsOfQuantiles(Values{outcome}, quantiles) ==
          Approx(CrpsOfDistribution(distribution, outcome)).margin(0.02));
  }
}

TEST_CASE("Coverage counts the ends and width is the mean") {
  const IntervalQuality quality = QualityOfIntervals(
      Values{0.1, 0.5, 0.9, 0.2}, Values{0.1, 0.0, 0.0, 0.3}, Values{0.3, 0.5, 0.8, 0.4});
  CHECK(quality.coverage == Approx(0.5));
  CHECK(quality.width == Approx((0.2 + 0.5 + 0.8 + 0.1) / 4));
}

}  // namespace
}  // namespace recoup::model
