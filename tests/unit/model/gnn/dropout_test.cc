#include "model/gnn/dropout.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

namespace recoup::model {
namespace {

TEST_CASE("What remains is stretched, so that the mean stays") {
  const torch::Tensor rows = torch::ones({500, 40});
  const torch::Tensor dropped = Drop(rows, NodeDropout{0.25, CounterRandom(1, 1)}, 0);
  CHECK(std::abs(dropped.mean().item<double>() - 1.0) < 0.02);
  CHECK(std::abs((dropped == 0.0F).to(torch::kFloat32).mean().item<double>() - 0.25) < 0.02);
}

TEST_CASE("Places of one step are dropped independently, and nothing without dropout") {
  const torch::Tensor rows = torch::ones({10, 10});
  const NodeDropout dropout{0.5, CounterRandom(1, 1)};
  CHECK(Drop(rows, dropout, 0).equal(Drop(rows, dropout, 0)));
  CHECK_FALSE(Drop(rows, dropout, 0).equal(Drop(rows, dropout, 1)));
  CHECK(Drop(rows, std::nullopt, 0).equal(rows));
}

}  // namespace
}  // namespace recoup::model
