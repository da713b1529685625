#include "model/runtime/packed_quantized_network.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <cstdint>

#include "tests/unit/model/artifact/random_quantized.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::NodeKind;

QuantizedNetwork Draw(std::uint8_t bits) {
  return testing::RandomQuantized(testing::RandomSchema(), {21, 9, 2}, bits, 1).Take();
}

// Every weight and scale at its place, and zeros everywhere else.
void CheckPacked(const PackedMap& packed, const QuantizedLinear& map, std::size_t in,
                 std::size_t out) {
  REQUIRE(packed.in == in);
  REQUIRE(packed.out == out);
  REQUIRE(packed.group == map.group);
  REQUIRE(packed.weights.size() == in * out);
  REQUIRE(packed.scales.size() == (in + map.group - 1) / map.group * out);
  std::size_t wrong = 0;
  for (std::size_t o = 0; o < out; ++o) {
    for (std::size_t i = 0; i < in; ++i) {
      const bool inside = o < map.out && i < map.in;
      const int expected = inside ? map.values[o * map.in + i] : 0;
      if (packed.weights[(i / 4 * out + o) * 4 + i % 4] != expected) ++wrong;
    }
    for (std::size_t g = 0; g < packed.scales.size() / out; ++g) {
      const bool inside = o < map.out && g < map.groups();
      if (packed.scales[g * out + o] != (inside ? map.scales[g * map.out + o] : 0.0F)) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

template <typename Numbers>
void CheckPadded(const AlignedVector<float>& padded, const Numbers& numbers, std::size_t width) {
  REQUIRE(padded.size() == width);
  CHECK(std::equal(numbers.begin(), numbers.end(), padded.begin()));
  CHECK(std::all_of(padded.begin() + static_cast<std::ptrdiff_t>(numbers.size()), padded.end(),
                    [](float number) { return number == 0.0F; }));
}

TEST_CASE("Maps lie four inputs by all outputs, padded with zeros to whole vectors") {
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    const QuantizedNetwork network = Draw(bits);
    const PackedQuantizedNetwork packed(network);
    REQUIRE(packed.row_width() == 32);
    REQUIRE(packed.head_width() == 16);
    CHECK(packed.context_width() == 2);
    CHECK(packed.bits() == bits);
    CHECK(packed.gain() == (bits == 8 ? 1.0F : 17.0F));
    for (const NodeKind kind : graph::kAllNodeKinds) {
      const auto k = static_cast<std::size_t>(kind);
      CheckPacked(packed.FirstSelf(kind).map, network.first_self[k], 32, 32);
      CheckPadded(packed.FirstSelf(kind).bias, network.first_bias[k], 32);
      CheckPadded(packed.FirstSteps(kind).inverse, network.first_inverse_steps[k], 32);
      CHECK(packed.FirstSteps(kind).levels == (bits == 8 ? 255.0F : 15.0F));
    }
    CheckPacked(packed.SecondSelf().map, network.second_self, 32, 32);
    CheckPadded(packed.SecondSelf().bias, network.second_bias, 32);
    CheckPadded(packed.SecondSteps().inverse, network.second_inverse_steps, 32);
    CHECK(packed.SecondSteps().levels == 255.0F);
  }
}

TEST_CASE("The head and the output keep their widths") {
  const QuantizedNetwork network = Draw(4);
  const PackedQuantizedNetwork packed(network);
  CheckPacked(packed.HeadZero().map, network.head_zero, 32, 16);
  CheckPadded(packed.HeadZero().bias, network.head_bias, 16);
  CheckPacked(packed.HeadSecond(), network.head_second, 32, 16);
  CheckPadded(packed.HeadSteps().inverse, network.head_inverse_steps, 16);
  CHECK(packed.HeadSteps().levels == 255.0F);
  CheckPacked(packed.Output().map, network.output, 16, 32);
  CheckPadded(packed.Output().bias, network.output_bias, 32);
  REQUIRE(packed.HeadContext().size() == 2 * 16);
  for (std::size_t x = 0; x < 2; ++x) {
    for (std::size_t z = 0; z < 16; ++z) {
      CHECK(packed.HeadContext()[x * 16 + z] == (z < 9 ? network.head_context[x * 9 + z] : 0.0F));
    }
  }
}

TEST_CASE("Inputs are padded to whole vectors, and tables become floats") {
  const QuantizedNetwork network = Draw(4);
  const PackedQuantizedNetwork packed(network);
  const PackedInput& input = packed.Input(NodeKind::kLoan);
  const QuantizedInput& from = network.inputs[static_cast<std::size_t>(NodeKind::kLoan)];
  REQUIRE(input.width == 9);
  CheckPacked(input.numeric, from.numeric, 12, 32);
  CheckPadded(input.inverse_steps, from.inverse_steps, 16);
  CheckPadded(input.zeros, from.zeros, 16);
  CheckPadded(input.bias, from.bias, 32);
  CHECK(input.steps.levels == 15.0F);
  REQUIRE(input.categories.size() == 2);
  const QuantizedTable& table = from.categories[1];
  REQUIRE(input.categories[1].size() == table.words * 32);
  for (std::size_t word = 0; word < table.words; ++word) {
    for (std::size_t c = 0; c < 32; ++c) {
      const float expected =
          c < 21 ? table.scales[c] * static_cast<float>(table.values[word * 21 + c]) : 0.0F;
      CHECK(input.categories[1][word * 32 + c] == expected);
    }
  }
}

TEST_CASE("Each layer finds its own maps of relations, and none where there is none") {
  const QuantizedNetwork network = Draw(8);
  const PackedQuantizedNetwork packed(network);
  std::size_t found = 0;
  for (const RelationKey& key : AllRelations()) {
    for (const int layer : {1, 2}) {
      const auto& relations = layer == 1 ? network.first : network.second;
      const auto relation = std::find_if(relations.begin(), relations.end(),
                                         [&](const auto& each) { return each.key == key; });
      const PackedMap* const map = packed.Relation(layer, key);
      REQUIRE((map == nullptr) == (relation == relations.end()));
      if (map == nullptr) continue;
      CheckPacked(*map, relation->map, 32, 32);
      ++found;
    }
  }
  CHECK(found == network.first.size() + network.second.size());
}

}  // namespace
}  // namespace recoup::model
