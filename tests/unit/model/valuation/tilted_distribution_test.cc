#include "model/valuation/tilted_distribution.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <random>

#include "tests/unit/model/valuation/worked_example.h"

namespace recoup::model {
namespace {

using Catch::Matchers::WithinAbs;
using Masses = RecoveryDistribution::Masses;

RecoveryDistribution Of(const Masses& masses) {
  return RecoveryDistribution::FromMasses(masses).value();
}

// The middle of a cell, from V-1: atoms at 0 and 1, 25 bins between.
double Middle(std::size_t cell) {
  return cell == 0 ? 0.0 : cell == 26 ? 1.0 : 0.04 * static_cast<double>(cell) - 0.02;
}

// From the definition: halves an interval of slopes until nothing is left of it.
Masses Halving(const Masses& masses, double mean) {
  Masses tilted{};
  double low = -50'000.0;
  double high = 50'000.0;
  for (int step = 0; step < 120; ++step) {
    const double slope = (low + high) / 2.0;
    double largest = -1e300;
    for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
      tilted[cell] = std::log(masses[cell]) + slope * Middle(cell);  // minus infinity without mass
      largest = std::max(largest, tilted[cell]);
    }
    double sum = 0.0;
    for (double& mass : tilted) sum += mass = std::exp(mass - largest);
    double reached = 0.0;
    for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
      tilted[cell] /= sum;
      reached += tilted[cell] * Middle(cell);
    }
    (reached < mean ? low : high) = slope;
  }
  return tilted;
}

// Masses that are up to exp(spread) times as large as others; a third of the cells is empty.
RecoveryDistribution Random(std::mt19937& random, double spread) {
  std::uniform_real_distribution<double> exponent(-spread / 2.0, spread / 2.0);
  Masses masses{};
  double total = 0.0;
  for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
    masses[cell] = random() % 3 == 0 && cell != 7 ? 0.0 : std::exp(exponent(random));
    total += masses[cell];
  }
  for (double& mass : masses) mass /= total;
  return Of(masses);
}

void RequireMasses(const RecoveryDistribution& found, const Masses& expected, double margin) {
  for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
    INFO("cell " << cell);
    REQUIRE_THAT(found.masses()[cell], WithinAbs(expected[cell], margin));
  }
}

TEST_CASE("Masses of 1/4, 1/2 and 1/4 become 1/9, 4/9 and 4/9 for a mean of 2/3") {
  // With exp(t / 2) = 2 the masses at 0, 1/2 and 1 are as 1/4 : 2/2 : 4/4 = 1 : 4 : 4, and the mean
  // is (4 / 2 + 4) / 9.
  Masses given{};
  given[0] = 0.25;
  given[13] = 0.5;
  given[26] = 0.25;
  Masses tilted{};
  tilted[0] = 1.0 / 9.0;
  tilted[13] = 4.0 / 9.0;
  tilted[26] = 4.0 / 9.0;
  RequireMasses(TiltToMean(Of(given), 2.0 / 3.0), tilted, 1e-11);
}

TEST_CASE("A distribution that has the mean already stays as it is") {
  RequireMasses(TiltToMean(WorkedExample(), 0.474), WorkedExample().masses(), 1e-11);
  std::mt19937 random(1);
  for (int i = 0; i < 50; ++i) {
    const RecoveryDistribution given = Random(random, 6.0);
    RequireMasses(TiltToMean(given, given.Mean()), given.masses(), 1e-15);
  }
}

TEST_CASE("Any mean between the outermost cells is reached, by the slope that halving finds") {
  std::mt19937 random(2);
  for (const double spread : {1.0, 10.0, 40.0}) {
    for (int i = 0; i < 100; ++i) {
      const RecoveryDistribution given = Random(random, spread);
      const auto has_mass = [](double mass) { return mass > 0.0; };
      const Masses& masses = given.masses();
      const double lowest = Middle(static_cast<std::size_t>(
          std::find_if(masses.begin(), masses.end(), has_mass) - masses.begin()));
      const double highest = Middle(static_cast<std::size_t>(
          masses.rend() - std::find_if(masses.rbegin(), masses.rend(), has_mass) - 1));
      for (const double share : {-1.0, 0.0, 1e-6, 0.003, 0.1, 0.5, 0.97, 0.999, 1.0, 2.0}) {
        const double mean = lowest + share * (highest - lowest);
        const RecoveryDistribution tilted = TiltToMean(given, mean);
        INFO("spread " << spread << ", distribution " << i << ", share " << share);
        REQUIRE_THAT(tilted.Mean(), WithinAbs(std::clamp(mean, lowest, highest), 2e-12));
        RequireMasses(tilted, Halving(masses, mean), 1e-7);
        for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
          REQUIRE((masses[cell] > 0.0 || tilted.masses()[cell] == 0.0));
        }
      }
    }
  }
}

TEST_CASE("An atom that is all but gone is found again where the mean asks for it") {
  // Half a bin away from the next cell, it needs the steepest slopes.
  for (const double atom : {1e-6, 1e-12, 1e-40, 1e-300}) {
    Masses low{};
    Masses high{};
    low[0] = high[26] = atom;
    low[1] = high[25] = 0.5;
    low[13] = high[13] = 0.5 - atom;
    CHECK_THAT(TiltToMean(Of(low), 0.005).Mean(), WithinAbs(0.005, 1e-9));
    CHECK_THAT(TiltToMean(Of(low), 0.005).masses()[0], WithinAbs(0.75, 1e-9));
    CHECK_THAT(TiltToMean(Of(high), 0.995).masses()[26], WithinAbs(0.75, 1e-9));
  }
}

TEST_CASE("Mirrored, a distribution tilts to the mirrored mean") {
  std::mt19937 random(3);
  for (int i = 0; i < 100; ++i) {
    const RecoveryDistribution given = Random(random, 10.0);
    Masses mirrored = given.masses();
    std::reverse(mirrored.begin(), mirrored.end());
    const double mean = 0.01 + 0.0098 * static_cast<double>(i);
    Masses expected = TiltToMean(given, mean).masses();
    std::reverse(expected.begin(), expected.end());
    RequireMasses(TiltToMean(Of(mirrored), 1.0 - mean), expected, 1e-9);
  }
}

TEST_CASE("A mean that is out of reach gives the outermost cell that has mass") {
  Masses given{};
  given[3] = given[20] = 0.5;
  Masses lowest{};
  lowest[3] = 1.0;
  Masses highest{};
  highest[20] = 1.0;
  for (const double mean : {-1.0, 0.0, 0.1}) CHECK(TiltToMean(Of(given), mean) == Of(lowest));
  for (const double mean : {0.78, 1.0, 2.0}) CHECK(TiltToMean(Of(given), mean) == Of(highest));
}

TEST_CASE("All mass in one cell cannot move") {
  for (const std::size_t cell : {0U, 7U, 26U}) {
    Masses masses{};
    masses[cell] = 1.0;
    for (const double mean : {0.0, 0.4, 1.0}) CHECK(TiltToMean(Of(masses), mean) == Of(masses));
  }
}

}  // namespace
}  // namespace recoup::model
