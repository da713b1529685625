#include "graph/synthetic/random.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

namespace recoup::graph::synthetic {
namespace {

using Catch::Matchers::WithinAbs;

TEST_CASE("A stream is found by seed, purpose and index alone") {
  Random first(1, Purpose::kCourt, 5);
  CHECK(first.Bits() == Random(1, Purpose::kCourt, 5).Bits());
  CHECK(Random(1, Purpose::kCourt, 5).Bits() != Random(2, Purpose::kCourt, 5).Bits());
  CHECK(Random(1, Purpose::kCourt, 5).Bits() != Random(1, Purpose::kLender, 5).Bits());
  CHECK(Random(1, Purpose::kCourt, 5).Bits() != Random(1, Purpose::kCourt, 6).Bits());
}

TEST_CASE("Uniform and normal numbers have the moments they promise") {
  Random random(3, Purpose::kGroup, 0);
  constexpr int kDraws = 200'000;
  double uniform = 0.0;
  double normal = 0.0;
  double square = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.Uniform();
    REQUIRE((u >= 0.0 && u < 1.0));
    const double n = random.Normal();
    uniform += u;
    normal += n;
    square += n * n;
  }
  // Five standard errors: 0.0032, 0.011 and 0.016.
  CHECK_THAT(uniform / kDraws, WithinAbs(0.5, 0.0033));
  CHECK_THAT(normal / kDraws, WithinAbs(0.0, 0.0112));
  CHECK_THAT(square / kDraws, WithinAbs(1.0, 0.016));
}

TEST_CASE("Integers reach both ends and nothing beyond") {
  Random random(4, Purpose::kGroup, 0);
  bool low = false;
  bool high = false;
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t value = random.Integer(-2, 3);
    REQUIRE((value >= -2 && value <= 3));
    low = low || value == -2;
    high = high || value == 3;
  }
  CHECK((low && high));
  CHECK(random.Integer(7, 7) == 7);
}

}  // namespace
}  // namespace recoup::graph::synthetic
