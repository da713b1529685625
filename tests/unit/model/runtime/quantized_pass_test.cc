#include "model/runtime/quantized_pass.h"

#include <algorithm>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "model/predictor/check_input.h"
#include "model/runtime/kernels/instruction_sets.h"
#include "tests/unit/model/artifact/random_quantized.h"
#include "tests/unit/model/runtime/plain_quantized_pass.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::NodeKind;

constexpr NetworkWidths kWidths[] = {{24, 20, 3}, {5, 7, 0}, {16, 32, 2}, {33, 17, 1}};

QuantizedNetwork Network(std::uint8_t bits, NetworkWidths widths, std::uint64_t seed = 1) {
  return testing::RandomQuantized(testing::RandomSchema(), widths, bits, seed).Take();
}

EncodedNeighbourhood Surroundings(const QuantizedNetwork& network, std::uint64_t seed,
                                  std::uint32_t most_children = 3) {
  EncodedNeighbourhood input =
      testing::DrawnSurroundings(testing::RandomSchema(), network.context, seed, most_children)
          .Take();
  REQUIRE(CheckInput(input, testing::RandomSchema(), network.context).has_value());
  return input;
}

std::vector<std::uint32_t> BitsOf(std::span<const float> numbers) {
  std::vector<std::uint32_t> bits;
  for (const float number : numbers) bits.push_back(std::bit_cast<std::uint32_t>(number));
  return bits;
}

TEST_CASE("Logits are the formulas' bits around loans with nodes of all kinds, on every machine") {
  std::set<NodeKind> seen;
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    for (const NetworkWidths widths : kWidths) {
      const QuantizedNetwork network = Network(bits, widths);
      const PackedQuantizedNetwork packed(network);
      QuantizedPass pass(packed);
      for (std::uint64_t seed = 0; seed < 12; ++seed) {
        const EncodedNeighbourhood input = Surroundings(network, seed);
        for (const NodeKind kind : graph::kAllNodeKinds) {
          if (input.Of(kind).inner_rows > 0) seen.insert(kind);
        }
        const auto expected = testing::PlainQuantizedPass<float>(network, input).Logits();
        REQUIRE(std::adjacent_find(expected.begin(), expected.end(), std::not_equal_to<>()) !=
                expected.end());
        for (const std::string& set : InstructionSets()) {
          const UseOnlyInstructionSet only(set);
          INFO(set << ", " << int{bits} << " bits, hidden " << widths.hidden << ", seed " << seed);
          REQUIRE(BitsOf(pass.Run(input)) == BitsOf(expected));
        }
      }
    }
  }
  CHECK(seen.size() == graph::kAllNodeKinds.size());
}

// A byte that lies on a tie may fall to its other side in double, and then move a logit by up to
// 0.02; none of these does, and what is left (1.9e-6 of about 2) is the rounding of floats.
TEST_CASE("Logits are those of exact arithmetic") {
  double apart = 0.0;
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    for (const NetworkWidths widths : kWidths) {
      const QuantizedNetwork network = Network(bits, widths);
      const PackedQuantizedNetwork packed(network);
      QuantizedPass pass(packed);
      for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const EncodedNeighbourhood input = Surroundings(network, seed);
        const auto exact = testing::PlainQuantizedPass<double>(network, input).Logits();
        const auto logits = pass.Run(input);
        for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
          apart = std::max(apart, std::abs(exact[cell] - static_cast<double>(logits[cell])));
        }
      }
    }
  }
  CHECK(apart > 0.0);
  CHECK(apart < 1e-5);
}

// A relation's edges with those of each parent drawn anew.
void Shuffle(RelationRows& edges, testing::DrawnNumbers& draw) {
  for (std::size_t i = 0; i < edges.parents.size(); ++i) {
    const std::size_t j = draw.Below(static_cast<std::uint32_t>(edges.parents.size()));
    if (edges.parents[i] != edges.parents[j]) continue;
    std::swap(edges.children[i], edges.children[j]);
    std::swap(edges.weights[i], edges.weights[j]);
  }
}

TEST_CASE("The order of children inside a relation changes nothing") {
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    const QuantizedNetwork network = Network(bits, {24, 20, 3});
    const PackedQuantizedNetwork packed(network);
    QuantizedPass pass(packed);
    testing::DrawnNumbers draw(5);
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      EncodedNeighbourhood input = Surroundings(network, seed, 12);
      const auto before = BitsOf(pass.Run(input));
      const EncodedNeighbourhood ordered = input;
      for (RelationRows& edges : input.relations) Shuffle(edges, draw);
      REQUIRE_FALSE(input == ordered);
      REQUIRE(BitsOf(pass.Run(input)) == before);
    }
  }
}

TEST_CASE("Memory of larger loans and wider networks does not leak into the next loan") {
  const QuantizedNetwork wide_network = Network(8, {40, 50, 3});
  const QuantizedNetwork narrow_network = Network(4, {5, 7, 0});
  const PackedQuantizedNetwork wide(wide_network);
  const PackedQuantizedNetwork narrow(narrow_network);
  QuantizedPass used(wide);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    used.Use(wide);
    used.Run(Surroundings(wide_network, 100 + seed, 20));
    const EncodedNeighbourhood small = Surroundings(wide_network, seed, 1);
    CHECK(BitsOf(used.Run(small)) == BitsOf(QuantizedPass(wide).Run(small)));
    used.Use(narrow);
    const EncodedNeighbourhood other = Surroundings(narrow_network, seed, 1);
    CHECK(BitsOf(used.Run(other)) == BitsOf(QuantizedPass(narrow).Run(other)));
  }
}

TEST_CASE("A loan without neighbours, and one with thousands, are computed alike") {
  const QuantizedNetwork network = Network(4, {24, 20, 3});
  const PackedQuantizedNetwork packed(network);
  EncodedNeighbourhood alone = Surroundings(network, 1);
  alone.relations.clear();
  CHECK(BitsOf(QuantizedPass(packed).Run(alone)) ==
        BitsOf(testing::PlainQuantizedPass<float>(network, alone).Logits()));
  EncodedNeighbourhood crowded = alone;
  const RelationKey key = network.second.front().key;
  KindRows& rows = crowded.Of(key.child);
  REQUIRE(rows.inner_rows > 0);
  const std::uint32_t known = rows.inner_rows;
  RelationRows edges{key.relation, key.parent, key.child, 1, {}, {}, {}};
  for (std::uint32_t i = 0; i < 5000; ++i) {
    edges.parents.push_back(0);
    edges.children.push_back(i % known);
    edges.weights.push_back(i % 3 == 0 ? 0.7F : 1.0F);
  }
  crowded.relations = {edges};
  CHECK(BitsOf(QuantizedPass(packed).Run(crowded)) ==
        BitsOf(testing::PlainQuantizedPass<float>(network, crowded).Logits()));
}

}  // namespace
}  // namespace recoup::model
