#include "model/training/training_step.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

namespace recoup::model {
namespace {

TEST_CASE("Shuffling keeps every position, and streams and steps differ") {
  auto order = Shuffled(100, RandomFor(1, Stream::kShuffle, 1));
  CHECK(order == Shuffled(100, RandomFor(1, Stream::kShuffle, 1)));
  CHECK(order != Shuffled(100, RandomFor(1, Stream::kShuffle, 2)));
  CHECK(order != Shuffled(100, RandomFor(1, Stream::kPeers, 1)));
  CHECK(order != InOrder(100));
  std::sort(order.begin(), order.end());
  CHECK(order == InOrder(100));
}

TEST_CASE("Slices' gradients are added, clipped, and absent where no slice touches a parameter") {
  const std::vector<torch::Tensor> parameters = {torch::zeros({1}, torch::requires_grad()),
                                                 torch::zeros({1}, torch::requires_grad()),
                                                 torch::zeros({1}, torch::requires_grad())};
  const std::vector<Gradients> parts = {GradientsOf((3.0 * parameters[0] + 1.0).sum(), parameters),
                                        GradientsOf((4.0 * parameters[1] + 2.0).sum(), parameters)};
  CHECK(SetGradients(parts, parameters) == 3.0);
  // A norm of 5 is cut to 1.
  CHECK(std::abs(parameters[0].grad().item<double>() - 0.6) < 1e-5);
  CHECK(std::abs(parameters[1].grad().item<double>() - 0.8) < 1e-5);
  CHECK_FALSE(parameters[2].grad().defined());
}

}  // namespace
}  // namespace recoup::model
