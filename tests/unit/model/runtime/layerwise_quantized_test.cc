#include "model/runtime/layerwise_quantized.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <vector>

#include "tests/unit/model/runtime/portfolio_world.h"

namespace recoup::model {
namespace {

TEST_CASE("Messages without weights are those of weight 1, and go only to parents with children") {
  const FeatureSchema schema = testing::WorldSchema();
  const PackedQuantizedNetwork network(testing::QuantizedDraw(1, {16, 16, 0}, 8).Draw(schema));
  const QuantizedLayers layers(network);
  REQUIRE(layers.width() == 16);
  const PackedMap& map = network.FirstSelf(graph::NodeKind::kLoan).map;
  std::vector<std::uint8_t> rows(3 * 16);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::uint8_t>(5 * i);
  const std::vector<std::uint32_t> offsets = {0, 2, 2, 5};
  const std::vector<std::uint32_t> children = {1, 2, 0, 1, 1};
  const std::vector<float> ones(5, 1.0F);
  QuantizedLayers::Scratch scratch;
  std::vector<float> plain(3 * 16, 0.5F);
  std::vector<float> weighted = plain;
  layers.AddMessages(map, {rows.data(), offsets.data(), children.data(), nullptr, 3}, scratch,
                     plain.data());
  layers.AddMessages(map, {rows.data(), offsets.data(), children.data(), ones.data(), 3}, scratch,
                     weighted.data());
  CHECK(plain == weighted);
  const std::vector<float> middle(plain.begin() + 16, plain.begin() + 32);
  CHECK(middle == std::vector<float>(16, 0.5F));
  std::vector<float> alone(16, 0.5F);
  AddMessage(map, {rows.data(), children.data() + 2, ones.data(), 3, network.gain()}, scratch.rows,
             alone.data());
  CHECK(alone == std::vector<float>(plain.begin() + 32, plain.end()));
}

}  // namespace
}  // namespace recoup::model
