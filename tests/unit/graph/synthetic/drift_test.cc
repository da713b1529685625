#include "graph/synthetic/drift.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

namespace recoup::graph::synthetic {
namespace {

using Catch::Matchers::WithinAbs;

TEST_CASE("A drift has variance one and forgets half within its half-life") {
  constexpr int kPaths = 4000;
  double variance = 0.0;
  double covariance = 0.0;
  for (int path = 0; path < kPaths; ++path) {
    const Drift drift(Date(0), Date(365 * 6), 8.0,
                      Random(1, Purpose::kLender, static_cast<std::uint64_t>(path)));
    // Whole quarters: between them the line is flatter.
    const double early = drift.At(Date(365));
    const double late = drift.At(Date(365 + 730));
    variance += late * late / kPaths;
    covariance += early * late / kPaths;
  }
  CHECK_THAT(variance, WithinAbs(1.0, 0.11));
  CHECK_THAT(covariance, WithinAbs(0.5, 0.09));
}

TEST_CASE("A drift is continuous, and constant outside its days") {
  const Drift drift(Date(0), Date(1000), 8.0, Random(1, Purpose::kLender, 0));
  for (int day = 1; day <= 1000; ++day) {
    REQUIRE_THAT(drift.At(Date(day)), WithinAbs(drift.At(Date(day - 1)), 0.06));
  }
  CHECK(drift.At(Date(-500)) == drift.At(Date(0)));
  CHECK(drift.At(Date(5000)) == drift.At(Date(6000)));
}

}  // namespace
}  // namespace recoup::graph::synthetic
