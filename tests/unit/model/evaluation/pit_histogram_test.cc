#include "model/evaluation/pit_histogram.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "model/evaluation/quantile_levels.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using Values = std::vector<double>;

/// Quantiles of the uniform distribution: F(y) = y.
Values Uniform() { return {kLevels.begin(), kLevels.end()}; }

TEST_CASE("Between two quantiles the probability is interpolated") {
  // Uniform quantiles: F(.33) = .33 lies in [.3, .4).
  const auto uniform = PitHistogram(Values{0.33}, Uniform());
  CHECK(uniform[3] == Approx(1.0));
  // Quantiles .05 * level: .0325 lies between .0325 - .0025 and + .0025, so F = .65.
  Values narrow = Uniform();
  for (double& quantile : narrow) quantile *= 0.05;
  CHECK(PitHistogram(Values{0.0326}, narrow)[6] == Approx(1.0));
}

TEST_CASE("Beyond the outer quantiles an outcome belongs to the outer bins") {
  const Values tight(kQuantileLevels, 0.5);
  CHECK(PitHistogram(Values{0.1}, tight)[0] == Approx(1.0));
  CHECK(PitHistogram(Values{0.9}, tight)[9] == Approx(1.0));
}

TEST_CASE("An atom that holds all quantiles is spread over all bins") {
  for (const double share : PitHistogram(Values{0.5}, Values(kQuantileLevels, 0.5))) {
    CHECK(share == Approx(0.1));
  }
}

TEST_CASE("An atom at 0 spreads over the probabilities that it stands for") {
  // The levels .05 to .25 are 0: five of them, from 0 to .25 + .025 = .275.
  Values quantiles = Uniform();
  std::fill(quantiles.begin(), quantiles.begin() + 5, 0.0);
  const auto pit = PitHistogram(Values{0.0}, quantiles);
  CHECK(pit[0] == Approx(0.1 / 0.275));
  CHECK(pit[1] == Approx(0.1 / 0.275));
  CHECK(pit[2] == Approx(0.075 / 0.275));
  CHECK(pit[3] == 0.0);
}

TEST_CASE("An outcome on a single quantile lies half on either side") {
  // F = .40 stands for .375 to .425.
  const auto pit = PitHistogram(Values{kLevels[7]}, Uniform());
  CHECK(pit[3] == Approx(0.5));
  CHECK(pit[4] == Approx(0.5));
}

TEST_CASE("Outcomes that follow their forecast give a flat histogram, too low ones a slope") {
  Values outcomes;
  Values quantiles;
  for (int i = 0; i < 1000; ++i) {
    outcomes.push_back((i + 0.5) / 1000.0);
    const Values one = Uniform();
    quantiles.insert(quantiles.end(), one.begin(), one.end());
  }
  for (const double share : PitHistogram(outcomes, quantiles)) {
    CHECK(share == Approx(0.1).margin(0.001));
  }
  for (double& outcome : outcomes) outcome *= outcome;  // F(y) = y^2: sqrt(.1) are below .1
  const auto low = PitHistogram(outcomes, quantiles);
  CHECK(low[0] == Approx(std::sqrt(0.1)).margin(0.002));
  CHECK(std::accumulate(low.begin(), low.end(), 0.0) == Approx(1.0));
}

TEST_CASE("Without outcomes the histogram is not defined") {
  CHECK(std::isnan(PitHistogram({}, {})[0]));
}

}  // namespace
}  // namespace recoup::model
