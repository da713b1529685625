#include "model/gnn/counter_random.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

namespace recoup::model {
namespace {

TEST_CASE("Draws are even, and streams differ") {
  const CounterRandom one(7, 1);
  const CounterRandom two(7, 2);
  double sum = 0.0;
  double product = 0.0;
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) {
    const auto position = static_cast<std::uint64_t>(i);
    sum += one.Uniform(position);
    product += (one.Uniform(position) - 0.5) * (two.Uniform(position) - 0.5);
    REQUIRE(one.Uniform(position) >= 0.0);
    REQUIRE(one.Uniform(position) < 1.0);
  }
  // Standard errors: 0.29 / sqrt(20000) = 0.002 and 0.083 / sqrt(20000) = 0.0006; five of each.
  CHECK(std::abs(sum / kDraws - 0.5) < 0.01);
  CHECK(std::abs(product / kDraws) < 0.003);
  CHECK(one.Bits(5) == CounterRandom(7, 1).Bits(5));
  CHECK(one.Bits(5) != CounterRandom(8, 1).Bits(5));
}

}  // namespace
}  // namespace recoup::model
