#include "model/runtime/packed_network.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::Direction;
using graph::EdgeKind;
using graph::NodeKind;

constexpr RelationKey kBorrower{
    {EdgeKind::kBorrows, Direction::kIn}, NodeKind::kLoan, NodeKind::kParty};

PackedNetwork MustPack(const TensorMap& weights) {
  auto network = PackedNetwork::Pack(weights, testing::RandomSchema());
  if (!network.has_value()) FAIL(network.error().message);
  return *std::move(network);
}

TensorMap Weights() { return testing::RandomWeights(testing::RandomSchema(), {3, 5}, 1); }

TEST_CASE("A matrix is turned so that outputs lie side by side") {
  const TensorMap weights = Weights();
  const PackedNetwork network = MustPack(weights);
  const Tensor& head = weights.at(std::string(kHeadHiddenWeight));  // [5, 6]
  const Linear& linear = network.HeadHidden();
  REQUIRE(linear.out == 5);
  REQUIRE(linear.in == 6);
  for (std::size_t o = 0; o < 5; ++o) {
    for (std::size_t i = 0; i < 6; ++i) {
      CHECK(linear.weight[i * 5 + o] == head.values[o * 6 + i]);
    }
  }
  CHECK(linear.bias == weights.at(std::string(kHeadHiddenBias)).values);
}

TEST_CASE("Every kind gets its own input, also one without features") {
  const TensorMap weights = Weights();
  const PackedNetwork network = MustPack(weights);
  CHECK(network.hidden_width() == 3);
  for (const NodeKind kind : graph::kAllNodeKinds) {
    CHECK(network.Input(kind).numeric.out == 3);
    CHECK(network.Input(kind).numeric.bias == weights.at(InputBiasName(kind)).values);
    CHECK(network.FirstSelf(kind).bias == weights.at(SelfBiasName(1, kind)).values);
    CHECK(network.Input(kind).categories.size() ==
          testing::RandomSchema().Of(kind).categories.size());
  }
  CHECK(network.Input(NodeKind::kLoan).categories.at(1) ==
        weights.at(InputCategoryName(NodeKind::kLoan, 1)).values);
}

TEST_CASE("Each relation is found under its own key and layer, and no other") {
  const TensorMap weights = Weights();
  const PackedNetwork network = MustPack(weights);
  std::size_t found = 0;
  for (const RelationKey& key : AllRelations()) {
    for (int layer = 1; layer <= 2; ++layer) {
      const auto tensor = weights.find(RelationWeightName(layer, RelationName(key)));
      const Linear* linear = network.Relation(layer, key);
      INFO(layer << " " << RelationName(key));
      REQUIRE((linear != nullptr) == (tensor != weights.end()));
      if (linear == nullptr) continue;
      ++found;
      CHECK(linear->weight[1] == tensor->second.values[3]);  // [0][1] is [1][0], three wide
      CHECK(linear->bias.empty());
    }
  }
  CHECK(found == 15);  // five of hop 1 in both layers, five of hop 2 in the first
}

TEST_CASE("A relation without weights passes no messages") {
  TensorMap weights = Weights();
  weights.erase(RelationWeightName(2, RelationName(kBorrower)));
  const PackedNetwork network = MustPack(weights);
  CHECK(network.Relation(1, kBorrower) != nullptr);
  CHECK(network.Relation(2, kBorrower) == nullptr);
}

TEST_CASE("A network that is not whole is not packed") {
  TensorMap weights = Weights();
  weights.erase(std::string(kHeadOutputBias));
  const auto network = PackedNetwork::Pack(weights, testing::RandomSchema());
  REQUIRE_FALSE(network.has_value());
  CHECK(network.error().code == ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace recoup::model
