#include "model/runtime/linear.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

namespace recoup::model {
namespace {

TEST_CASE("A matrix is turned round, and maps a row with its bias") {
  const TensorMap weights = {{"w", {{2, 3}, {1, 2, 3, 4, 5, 6}}}, {"b", {{2}, {10, 20}}}};
  const Linear linear = WithBias(weights, "w", "b");
  CHECK(linear.in == 3);
  CHECK(linear.out == 2);
  CHECK(linear.weight == std::vector<float>{1, 4, 2, 5, 3, 6});
  const std::vector<float> x = {1, 0, -1};
  std::vector<float> y(2);
  StartWithBias(linear, y.data());
  AddLinear(linear, x.data(), y.data());
  CHECK(y == std::vector<float>{8, 18});
}

TEST_CASE("Relu cuts what is negative and keeps what is not a number") {
  std::vector<float> y = {-1, 0, 2, NAN};
  Relu(y.data(), y.size());
  CHECK(y[0] == 0.0F);
  CHECK(y[2] == 2.0F);
  CHECK(std::isnan(y[3]));
}

}  // namespace
}  // namespace recoup::model
