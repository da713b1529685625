#include "model/gnn/named_network.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::model {
namespace {

class OneTensor : public NamedNetwork {
 public:
  explicit OneTensor(const TensorMap& weights) { HoldAll(weights); }
  using NamedNetwork::Find;
};

TEST_CASE("Tensors keep their dotted names and their numbers") {
  const TensorMap weights = {{"a.b", {{1, 2}, {3.0F, 4.0F}}}};
  const OneTensor network(weights);
  // In brackets, so that Catch2 does not print the maps: LibTorch's headers break that.
  CHECK((network.Weights() == weights));
  CHECK(network.parameters().size() == 1);
  CHECK(network.Find("a.b") != nullptr);
  CHECK(network.Find("a.c") == nullptr);
}

TEST_CASE("Numbers are drawn around their centre, by name and seed") {
  const torch::Tensor drawn = DrawAround(3.0, 0.5, "a", {200}, 1);
  CHECK(drawn.min().item<float>() >= 2.5F);
  CHECK(drawn.max().item<float>() < 3.5F);
  CHECK(drawn.equal(DrawAround(3.0, 0.5, "a", {200}, 1)));
  CHECK_FALSE(drawn.equal(DrawAround(3.0, 0.5, "b", {200}, 1)));
  CHECK_FALSE(drawn.equal(DrawAround(3.0, 0.5, "a", {200}, 2)));
}

}  // namespace
}  // namespace recoup::model
