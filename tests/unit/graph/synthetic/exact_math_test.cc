#include "graph/synthetic/exact_math.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

namespace recoup::graph::synthetic {
namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("The exponential agrees with the library's") {
  for (double x = -30.0; x <= 30.0; x += 0.0137) {
    REQUIRE_THAT(Exp(x), WithinRel(std::exp(x), 1e-14));
  }
  CHECK(Exp(0.0) == 1.0);
}

TEST_CASE("The logarithm agrees with the library's") {
  for (double x = 1e-6; x <= 1e12; x *= 1.0137) {
    REQUIRE_THAT(Log(x), WithinAbs(std::log(x), 1e-13));
  }
  CHECK(Log(1.0) == 0.0);
}

TEST_CASE("The logistic curve runs from 0 to 1 through one half") {
  CHECK(Logistic(0.0) == 0.5);
  CHECK(Logistic(-1e9) < 1e-15);
  CHECK(Logistic(1e9) > 1.0 - 1e-15);
}

}  // namespace
}  // namespace recoup::graph::synthetic
