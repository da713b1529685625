#include "model/training/target_smoothing.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>
#include <vector>

namespace recoup::model {
namespace {

TEST_CASE("Exactly 0 and 1 are the atoms") {
  CHECK(SmoothTarget(0.0)[0] == 1.0);
  CHECK(SmoothTarget(1.0)[26] == 1.0);
  CHECK(SmoothTarget(1e-9)[0] == 0.0);
  CHECK(SmoothTarget(1.0 - 1e-9)[26] == 0.0);
}

// 0.5 is the middle of bin 12 (0.48 to 0.52), 12.5 bins from 0. Half a bin is 0.5 / 0.75 = 2/3
// standard deviations: Phi(2/3) = 0.747507, so the bin gets 2 * 0.747507 - 1 = 0.495015; the next
// reaches to 1.5 / 0.75 = 2: Phi(2) - Phi(2/3) = 0.977250 - 0.747507 = 0.229743.
TEST_CASE("A rate in the middle of a bin is shared as worked by hand") {
  const auto target = SmoothTarget(0.5);
  CHECK(std::abs(target[13] - 0.495015) < 1e-5);
  CHECK(std::abs(target[12] - 0.229743) < 1e-5);
  CHECK(std::abs(target[14] - 0.229743) < 1e-5);
}

TEST_CASE("Every target sums to 1, at the edges, too") {
  for (const double rate : {0.0, 1e-12, 0.001, 0.04, 0.333, 0.96, 0.9999, 1.0}) {
    const auto target = SmoothTarget(rate);
    CHECK(std::abs(std::accumulate(target.begin(), target.end(), 0.0) - 1.0) < 1e-12);
  }
}

TEST_CASE("The histogram leaves no cell empty") {
  const auto histogram = TargetHistogram(std::vector<double>{0.0, 0.0, 1.0, 0.5});
  CHECK(std::abs(std::accumulate(histogram.begin(), histogram.end(), 0.0) - 1.0) < 1e-12);
  // 0.99 * 2 / 4 + 0.01 / 27
  CHECK(std::abs(histogram[0] - 0.49537037) < 1e-8);
  for (const double mass : histogram) CHECK(mass > 0.0);
}

}  // namespace
}  // namespace recoup::model
