#include "model/valuation/recovery_forecast.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "tests/unit/model/valuation/worked_example.h"

namespace recoup::model {
namespace {

using Catch::Matchers::WithinAbs;
using Masses = RecoveryDistribution::Masses;

RecoveryDistribution FromMassesOrFail(const Masses& masses) {
  auto distribution = RecoveryDistribution::FromMasses(masses);
  REQUIRE(distribution.has_value());
  return *distribution;
}

// Distributions of all shapes, the same on every run: some cells empty, atoms present or not.
RecoveryDistribution Arbitrary(std::uint64_t seed) {
  Masses masses{};
  double total = 0.0;
  for (double& mass : masses) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    mass = (seed >> 61) < 4 ? 0.0 : static_cast<double>(seed >> 40);
    total += mass;
  }
  if (total == 0.0) return {};
  for (double& mass : masses) mass /= total;
  return FromMassesOrFail(masses);
}

TEST_CASE("A default distribution has all its mass at zero") {
  const RecoveryDistribution distribution;
  CHECK(distribution.Mean() == 0.0);
  CHECK(distribution.Quantile(0.0) == 0.0);
  CHECK(distribution.Quantile(1.0) == 0.0);
  CHECK(distribution.Cumulative(0.0) == 1.0);
}

TEST_CASE("Masses that are not probabilities are refused") {
  Masses masses{};
  CHECK(RecoveryDistribution::FromMasses(masses).error().code == ErrorCode::kInvalidArgument);
  masses[3] = 1.0;
  masses[4] = -1e-9;
  CHECK_FALSE(RecoveryDistribution::FromMasses(masses).has_value());
  masses[4] = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(RecoveryDistribution::FromMasses(masses).has_value());
  masses[4] = std::numeric_limits<double>::infinity();
  CHECK_FALSE(RecoveryDistribution::FromMasses(masses).has_value());
  masses[4] = 2e-6;
  CHECK_FALSE(RecoveryDistribution::FromMasses(masses).has_value());
}

TEST_CASE("A small deviation of the sum is normalised away") {
  Masses masses{};
  masses[0] = 0.5;
  masses[26] = 0.5 + 5e-7;
  const RecoveryDistribution distribution = FromMassesOrFail(masses);
  CHECK_THAT(distribution.masses()[0] + distribution.masses()[26], WithinAbs(1.0, 1e-15));
  CHECK(distribution.masses()[26] > distribution.masses()[0]);
}

TEST_CASE("The masses of a distribution give the same distribution back, bit for bit") {
  RecoveryDistribution::Masses masses{};
  for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
    masses[cell] = 1.0 / static_cast<double>(3 + cell * cell);
  }
  const double total = std::accumulate(masses.begin(), masses.end(), 0.0);
  for (double& mass : masses) mass = mass / total * (1.0 + 3e-7);
  const auto once = RecoveryDistribution::FromMasses(masses).value();
  CHECK(RecoveryDistribution::FromMasses(once.masses()).value() == once);
}

TEST_CASE("A recovery rate belongs to the cell whose lower edge it reaches") {
  CHECK(RecoveryDistribution::CellOf(0.0) == 0);
  CHECK(RecoveryDistribution::CellOf(1e-300) == 1);
  CHECK(RecoveryDistribution::CellOf(0.039999) == 1);
  CHECK(RecoveryDistribution::CellOf(0.999999) == 25);
  CHECK(RecoveryDistribution::CellOf(std::nextafter(1.0, 0.0)) == 25);
  CHECK(RecoveryDistribution::CellOf(1.0) == 26);
  for (std::size_t bin = 1; bin < kRecoveryBins; ++bin) {
    const double edge = static_cast<double>(bin) / 25.0;
    CHECK(RecoveryDistribution::CellOf(edge) == 1 + bin);
    CHECK(RecoveryDistribution::CellOf(std::nextafter(edge, 0.0)) == bin);
  }
}

TEST_CASE("The mean weighs bin centres and atoms") {
  // 0.1 * 0 + 0.4 * 0.22 + 0.3 * 0.62 + 0.2 * 1 = 0.088 + 0.186 + 0.2
  CHECK_THAT(WorkedExample().Mean(), WithinAbs(0.474, 1e-15));
}

TEST_CASE("Quantiles stop at atoms and are linear within bins") {
  const RecoveryDistribution distribution = WorkedExample();
  CHECK(distribution.Quantile(0.0) == 0.0);
  CHECK(distribution.Quantile(0.05) == 0.0);
  CHECK(distribution.Quantile(0.1) == 0.0);
  // A quarter of the first bin's mass: 0.20 + 0.04 / 4.
  CHECK_THAT(distribution.Quantile(0.2), WithinAbs(0.21, 1e-15));
  // All of it: the smallest such rate is the bin's upper edge, not the next bin's lower edge.
  CHECK_THAT(distribution.Quantile(0.5), WithinAbs(0.24, 1e-12));
  CHECK_THAT(distribution.Quantile(0.65), WithinAbs(0.62, 1e-12));
  CHECK_THAT(distribution.Quantile(0.8), WithinAbs(0.64, 1e-12));
  CHECK(distribution.Quantile(0.81) == 1.0);
  CHECK(distribution.Quantile(1.0) == 1.0);
}

TEST_CASE("The highest quantile of a distribution without an atom at one is its last bin's end") {
  Masses masses{};
  masses[1 + 4] = 1.0;
  CHECK_THAT(FromMassesOrFail(masses).Quantile(1.0), WithinAbs(0.2, 1e-15));
  CHECK_THAT(FromMassesOrFail(masses).Quantile(1e-13), WithinAbs(0.16, 1e-12));
}

TEST_CASE("The cumulative probability jumps at atoms and is linear within bins") {
  const RecoveryDistribution distribution = WorkedExample();
  CHECK(distribution.Cumulative(-0.1) == 0.0);
  CHECK_THAT(distribution.Cumulative(0.0), WithinAbs(0.1, 1e-15));
  CHECK_THAT(distribution.Cumulative(0.19), WithinAbs(0.1, 1e-15));
  CHECK_THAT(distribution.Cumulative(0.21), WithinAbs(0.2, 1e-15));
  CHECK_THAT(distribution.Cumulative(0.24), WithinAbs(0.5, 1e-15));
  CHECK_THAT(distribution.Cumulative(0.5), WithinAbs(0.5, 1e-15));
  CHECK_THAT(distribution.Cumulative(0.99), WithinAbs(0.8, 1e-15));
  CHECK(distribution.Cumulative(1.0) == 1.0);
  CHECK(distribution.Cumulative(2.0) == 1.0);
}

TEST_CASE("Quantile and cumulative probability are inverse to each other") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const RecoveryDistribution distribution = Arbitrary(seed);
    double previous = 0.0;
    for (int step = 0; step <= 200; ++step) {
      const double probability = step / 200.0;
      const double rate = distribution.Quantile(probability);
      REQUIRE(rate >= previous);
      REQUIRE(rate <= 1.0);
      // At the quantile the mass is reached, and just below it is not.
      REQUIRE(distribution.Cumulative(rate) >= probability - 1e-9);
      if (rate > 1e-6) REQUIRE(distribution.Cumulative(rate - 1e-6) <= probability + 1e-9);
      REQUIRE(distribution.Quantile(distribution.Cumulative(rate)) <= rate + 1e-9);
      previous = rate;
    }
  }
}

TEST_CASE("The mean is the area above the cumulative probability") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RecoveryDistribution distribution = Arbitrary(seed);
    double area = 0.0;
    constexpr int kSteps = 5000;  // a multiple of 25: midpoints are exact on linear pieces
    for (int step = 0; step < kSteps; ++step) {
      area += (1.0 - distribution.Cumulative((step + 0.5) / kSteps)) / kSteps;
    }
    CHECK_THAT(distribution.Mean(), WithinAbs(area, 1e-9));
  }
}

}  // namespace
}  // namespace recoup::model
