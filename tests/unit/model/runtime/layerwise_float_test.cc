#include "model/runtime/layerwise_float.h"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/unit/model/runtime/portfolio_world.h"

namespace recoup::model {
namespace {

PackedNetwork Network(NetworkWidths widths) {
  const FeatureSchema schema = testing::WorldSchema();
  auto network = PackedNetwork::Pack(testing::WorldWeights(schema, widths, 1), schema);
  REQUIRE(network.has_value());
  return std::move(network).value();
}

// Map doubles the first cell and swaps nothing. Parent 0 has children 1 and 2 with weights 0.5 and
// 1, mean ([2, 4] * 0.5 + [5, 6]) / 2 = [3, 4]; parent 1 has none; parent 2 has child 0.
TEST_CASE("Messages go to the parents that have children, and to no others") {
  const PackedNetwork network = Network({2, 1, 0});
  const FloatLayers layers(network);
  const Linear map{2, 2, {2, 0, 0, 1}, {}};
  const std::vector<float> rows = {7, 8, 2, 4, 5, 6};
  const std::vector<std::uint32_t> offsets = {0, 2, 2, 3};
  const std::vector<std::uint32_t> children = {1, 2, 0};
  const std::vector<float> weights = {0.5F, 1, 1};
  std::vector<float> sums = {1, 1, -0.0F, 9, 0, 0};
  FloatLayers::Scratch scratch;
  layers.AddMessages(map, {rows.data(), offsets.data(), children.data(), weights.data(), 3},
                     scratch, sums.data());
  CHECK(sums == std::vector<float>{7, 5, 0, 9, 14, 8});
  CHECK(std::signbit(sums[2]));
  layers.AddMessages(map, {rows.data(), offsets.data() + 1, children.data(), nullptr, 2}, scratch,
                     sums.data());
  CHECK(sums == std::vector<float>{7, 5, 14, 17, 14, 8});
}

TEST_CASE("The head finishes what was started, with the context last") {
  const PackedNetwork network = Network({4, 3, 2});
  const FloatLayers layers(network);
  const std::vector<float> zero = {1, 2, 3, 4};
  const std::vector<float> second = {5, 6, 7, 8};
  const std::vector<float> context = {0.25F, -1};
  std::vector<float> sums(3);
  layers.StartHead(zero.data(), second.data(), 1, sums.data());
  std::array<float, kRecoveryCells> logits{};
  layers.Head(sums.data(), context, logits);

  const std::vector<float> joined = {1, 2, 3, 4, 5, 6, 7, 8, 0.25F, -1};
  std::vector<float> hidden(3);
  StartWithBias(network.HeadHidden(), hidden.data());
  AddLinear(network.HeadHidden(), joined.data(), hidden.data());
  Relu(hidden.data(), hidden.size());
  std::array<float, kRecoveryCells> expected{};
  StartWithBias(network.HeadOutput(), expected.data());
  AddLinear(network.HeadOutput(), hidden.data(), expected.data());
  CHECK(logits == expected);
}

}  // namespace
}  // namespace recoup::model
