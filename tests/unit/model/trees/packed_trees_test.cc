#include "model/trees/packed_trees.h"

#include <algorithm>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "tests/unit/model/trees/random_trees.h"

namespace recoup::model {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::uint32_t BitsOf(float value) { return std::bit_cast<std::uint32_t>(value); }

std::vector<std::uint32_t> InPlace(const FlatTrees& trees) {
  std::vector<std::uint32_t> positions(trees.columns());
  std::iota(positions.begin(), positions.end(), 0U);
  return positions;
}

float Packed(const FlatTrees& trees, std::span<const float> values) {
  OrderedRow row;
  row.Resize(values.size());
  row.Write(0, values);
  return PackedTrees(trees, InPlace(trees), values.size()).Predict(row);
}

// `splits` splits under each other, of which every other one goes on to the right.
void AddChain(std::vector<TreeNode>& nodes, std::size_t splits, std::size_t columns) {
  nodes.push_back({});
  std::size_t last = nodes.size() - 1;
  for (std::size_t split = 0; split < splits; ++split) {
    nodes[last] = {.feature = static_cast<std::int32_t>(split % columns),
                   .left = static_cast<std::uint32_t>(nodes.size()),
                   .value = 0.25F * static_cast<float>(split % 7) - 0.5F,
                   .cover = 1.0F,
                   .missing_left = split % 3 == 0};
    nodes.push_back({.value = 0.3F * static_cast<float>(split) + 0.1F, .cover = 1.0F});
    nodes.push_back({.value = -0.7F * static_cast<float>(split) + 0.1F, .cover = 1.0F});
    last = nodes.size() - 1 - split % 2;
  }
}

FlatTrees Chains(const std::vector<std::size_t>& depths, std::size_t columns) {
  std::vector<std::uint32_t> roots;
  std::vector<TreeNode> nodes;
  for (const std::size_t depth : depths) {
    roots.push_back(static_cast<std::uint32_t>(nodes.size()));
    AddChain(nodes, depth, columns);
  }
  return FlatTrees::Make(columns, 0.1F, roots, nodes).value();
}

TEST_CASE("The order of floats is that of the numbers, and both zeros are one") {
  const std::vector<float> ascending = {-kInfinity, std::numeric_limits<float>::lowest(),
                                        -1.5F,      -1.0F,
                                        -1e-42F,    0.0F,
                                        1e-42F,     1.0F,
                                        1.5F,       std::numeric_limits<float>::max(),
                                        kInfinity};
  for (std::size_t i = 0; i + 1 < ascending.size(); ++i) {
    CHECK(OrderOf(ascending[i]) < OrderOf(ascending[i + 1]));
  }
  CHECK(OrderOf(-0.0F) == OrderOf(0.0F));
}

TEST_CASE("Random trees give the bits of the plain walk: missing values, ties, any shape") {
  RandomTrees random(1);
  for (int round = 0; round < 400; ++round) {
    // Up to 40 splits in trees of a few columns; with 60 some are deeper than what is packed.
    const RandomTreesSize size{1 + random.Below(9), random.Below(70), random.Below(60)};
    const FlatTrees trees = random.Trees(size);
    const PackedTrees packed(trees, InPlace(trees), size.columns);
    OrderedRow row;
    for (int i = 0; i < 20; ++i) {
      const std::vector<float> values = random.Row(size.columns);
      row.Resize(size.columns);
      row.Write(0, values);
      INFO("round " << round << ", row " << i);
      REQUIRE(BitsOf(packed.Predict(row)) == BitsOf(trees.Predict(values)));
    }
  }
}

TEST_CASE("Every depth gives the bits of the plain walk, alone and among others") {
  RandomTrees random(2);
  for (std::size_t depth = 0; depth <= FlatTrees::kMaxDepth; ++depth) {
    for (const std::size_t before : {0, 1, 15, 16, 17}) {
      std::vector<std::size_t> depths(before, 6);
      depths.push_back(depth);
      depths.insert(depths.end(), {3, 0, 6});
      const FlatTrees trees = Chains(depths, 5);
      for (int i = 0; i < 20; ++i) {
        const std::vector<float> values = random.Row(5);
        INFO("depth " << depth << " after " << before << " trees, row " << i);
        REQUIRE(BitsOf(Packed(trees, values)) == BitsOf(trees.Predict(values)));
      }
    }
  }
}

TEST_CASE("Values at a threshold, beside it, infinite, missing and of either zero go their way") {
  std::mt19937 random(3);
  for (const float threshold : {-0.0F, 0.0F, 1.0F, -1.0F, 1e-42F, std::numeric_limits<float>::max(),
                                std::numeric_limits<float>::lowest()}) {
    for (const bool missing_left : {false, true}) {
      const FlatTrees stump =
          FlatTrees::Make(1, 0.0F, {0},
                          {{0, 1, threshold, 1.0F, missing_left}, {.value = 1.0F}, {.value = 2.0F}})
              .value();
      for (const float value :
           {threshold, std::nextafter(threshold, kInfinity), std::nextafter(threshold, -kInfinity),
            -0.0F, 0.0F, kInfinity, -kInfinity, kMissing, -kMissing}) {
        INFO(value << " against " << threshold);
        CHECK(Packed(stump, {{value}}) == stump.Predict({{value}}));
      }
    }
  }
}

TEST_CASE("Leaves are added in the order of the trees, across groups and to a negative zero") {
  const auto leaf = [](float value) { return TreeNode{.value = value, .cover = 1.0F}; };
  std::mt19937 random(4);
  std::uniform_real_distribution<float> draw(-1.0F, 1.0F);
  std::vector<std::uint32_t> roots;
  std::vector<TreeNode> nodes;
  for (std::uint32_t tree = 0; tree < 61; ++tree) {
    roots.push_back(tree);
    nodes.push_back(leaf(draw(random) * std::pow(10.0F, static_cast<float>(tree % 9))));
    const auto trees = FlatTrees::Make(0, 0.1F, roots, nodes).value();
    REQUIRE(BitsOf(Packed(trees, {})) == BitsOf(trees.Predict({})));
  }
  const auto zero = FlatTrees::Make(0, -0.0F, {0}, {leaf(-0.0F)}).value();
  CHECK(std::signbit(zero.Predict({})));
  CHECK(std::signbit(Packed(zero, {})));
}

TEST_CASE("Columns are read from where they stand in a shared row") {
  RandomTrees random(5);
  const std::vector<std::uint32_t> positions = {7, 0, 3};
  const FlatTrees trees = random.Trees({3, 20, 25});
  const PackedTrees packed(trees, positions, 9);
  OrderedRow row;
  row.Resize(9);
  for (int i = 0; i < 100; ++i) {
    const std::vector<float> values = random.Row(9);
    row.Write(0, std::span(values).first(4));
    row.Write(4, std::span(values).subspan(4));
    const std::vector<float> own = {values[7], values[0], values[3]};
    CHECK(BitsOf(packed.Predict(row)) == BitsOf(trees.Predict(own)));
  }
}

TEST_CASE("No trees predict 0, or their base") {
  OrderedRow row;
  row.Resize(0);
  CHECK(PackedTrees().Predict(row) == 0.0F);
  CHECK(Packed(FlatTrees::Make(2, 0.25F, {}, {}).value(), {{1.0F, 2.0F}}) == 0.25F);
}

}  // namespace
}  // namespace recoup::model
