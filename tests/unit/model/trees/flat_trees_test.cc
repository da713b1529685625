#include "model/trees/flat_trees.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "tests/unit/model/trees/random_trees.h"

namespace recoup::model {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// x0 < 0.5 ? 1 : (x1 < 2 ? 2 : 5); missing x0 left, missing x1 right.
std::vector<TreeNode> TwoSplits() {
  return {{0, 1, 0.5F, 10.0F, true},
          {-1, 0, 1.0F, 4.0F, false},
          {1, 3, 2.0F, 6.0F, false},
          {-1, 0, 2.0F, 2.0F, false},
          {-1, 0, 5.0F, 4.0F, false}};
}

float Predict(const FlatTrees& trees, std::vector<float> row) { return trees.Predict(row); }

// Make of two columns, with the nodes of TwoSplits after `change`.
template <typename Change>
ErrorCode CodeAfter(Change change) {
  std::vector<std::uint32_t> roots = {0};
  std::vector<TreeNode> nodes = TwoSplits();
  change(roots, nodes);
  const auto trees = FlatTrees::Make(2, 0.5F, roots, nodes);
  return trees ? ErrorCode::kUnknown : trees.error().code;
}

template <typename Change>
ErrorCode CodeAfterNode(Change change) {
  return CodeAfter([&](auto&, std::vector<TreeNode>& nodes) { change(nodes); });
}

TEST_CASE("No trees predict 0 over no columns") {
  const FlatTrees none;
  CHECK(none.columns() == 0);
  CHECK(none.trees() == 0);
  CHECK(Predict(none, {}) == 0.0F);
}

TEST_CASE("No trees over some columns predict the base") {
  const auto trees = FlatTrees::Make(2, 0.25F, {}, {});
  REQUIRE(trees.has_value());
  CHECK(Predict(*trees, {1.0F, 2.0F}) == 0.25F);
}

TEST_CASE("A row goes left below a threshold and right at it") {
  const auto trees = FlatTrees::Make(2, 0.0F, {0}, TwoSplits());
  REQUIRE(trees.has_value());
  CHECK(Predict(*trees, {0.4F, 9.0F}) == 1.0F);
  CHECK(Predict(*trees, {0.5F, 1.9F}) == 2.0F);
  CHECK(Predict(*trees, {0.6F, 2.0F}) == 5.0F);
  CHECK(Predict(*trees, {-kInfinity, 0.0F}) == 1.0F);
  CHECK(Predict(*trees, {kInfinity, kInfinity}) == 5.0F);
}

TEST_CASE("A missing value goes where its split sends it") {
  const auto trees = FlatTrees::Make(2, 0.0F, {0}, TwoSplits());
  REQUIRE(trees.has_value());
  CHECK(Predict(*trees, {kMissing, 9.0F}) == 1.0F);
  CHECK(Predict(*trees, {0.6F, kMissing}) == 5.0F);
}

TEST_CASE("Leaves are added to the base in float, in the order of the trees") {
  // 1 + 2^-24 is a tie that rounds to 1; so each of the small leaves is lost after the large one.
  const float small = 0x1p-24F;
  const auto leaf = [](float value) { return TreeNode{.value = value, .cover = 1.0F}; };
  const auto lost = FlatTrees::Make(1, 1.0F, {0, 1}, {leaf(small), leaf(small)});
  REQUIRE(lost.has_value());
  CHECK(Predict(*lost, {0.0F}) == 1.0F);
  const auto kept = FlatTrees::Make(1, small, {0, 1}, {leaf(small), leaf(1.0F)});
  REQUIRE(kept.has_value());
  CHECK(Predict(*kept, {0.0F}) == 1.0F + 0x1p-23F);
}

TEST_CASE("Gain shares are 0 until they are set") {
  auto trees = FlatTrees::Make(2, 0.0F, {0}, TwoSplits()).value();
  REQUIRE(trees.gain_shares().size() == 2);
  CHECK(trees.gain_shares()[0] == 0.0F);
  trees.set_gain_shares({0.75F, 0.25F});
  CHECK(trees.gain_shares()[1] == 0.25F);
}

TEST_CASE("Sound nodes are accepted") {
  CHECK(CodeAfterNode([](auto&) {}) == ErrorCode::kUnknown);
}

TEST_CASE("A child must follow its parent and lie in its tree") {
  const auto left = [](std::size_t node, std::uint32_t value) {
    return CodeAfterNode([=](auto& nodes) { nodes[node].left = value; });
  };
  CHECK(left(0, 0) == ErrorCode::kInvalidArgument);
  CHECK(left(2, 2) == ErrorCode::kInvalidArgument);
  CHECK(left(2, 1) == ErrorCode::kInvalidArgument);
  CHECK(left(2, 4) == ErrorCode::kInvalidArgument);
  CHECK(left(2, 0xffff'ffffU) == ErrorCode::kInvalidArgument);
  CHECK(CodeAfter([](auto& roots, auto&) { roots = {0, 3}; }) == ErrorCode::kInvalidArgument);
}

TEST_CASE("Every node must be reached by exactly one walk") {
  CHECK(CodeAfterNode([](auto& nodes) { nodes[0].left = 2; }) == ErrorCode::kInvalidArgument);
  CHECK(CodeAfterNode([](auto& nodes) { nodes[0].left = 3; }) == ErrorCode::kInvalidArgument);
  CHECK(CodeAfterNode([](auto& nodes) { nodes.push_back({}); }) == ErrorCode::kInvalidArgument);
  CHECK(CodeAfterNode([](auto& nodes) {
          nodes[1] = {0, 3, 0.0F, 1.0F, false};
        }) == ErrorCode::kInvalidArgument);
}

TEST_CASE("A feature must be a column, and -1 in a leaf") {
  CHECK(CodeAfterNode([](auto& nodes) { nodes[2].feature = 2; }) == ErrorCode::kInvalidArgument);
  CHECK(CodeAfterNode([](auto& nodes) { nodes[3].feature = -2; }) == ErrorCode::kInvalidArgument);
}

TEST_CASE("A leaf has no child, so that equal trees have equal nodes") {
  CHECK(CodeAfterNode([](auto& nodes) { nodes[3].left = 4; }) == ErrorCode::kInvalidArgument);
  CHECK(CodeAfterNode([](auto& nodes) { nodes[3].missing_left = true; }) ==
        ErrorCode::kInvalidArgument);
}

TEST_CASE("Numbers must be finite and covers not negative") {
  for (const float bad : {kMissing, kInfinity, -kInfinity}) {
    CHECK(CodeAfterNode([=](auto& nodes) { nodes[0].value = bad; }) == ErrorCode::kInvalidArgument);
    CHECK(CodeAfterNode([=](auto& nodes) { nodes[3].value = bad; }) == ErrorCode::kInvalidArgument);
    CHECK(CodeAfterNode([=](auto& nodes) { nodes[3].cover = bad; }) == ErrorCode::kInvalidArgument);
    CHECK_FALSE(FlatTrees::Make(2, bad, {0}, TwoSplits()).has_value());
  }
  CHECK(CodeAfterNode([](auto& nodes) { nodes[3].cover = -1.0F; }) == ErrorCode::kInvalidArgument);
}

TEST_CASE("Leaves that could add up to infinity are refused") {
  const TreeNode large{.value = std::numeric_limits<float>::max(), .cover = 1.0F};
  CHECK_FALSE(FlatTrees::Make(0, 0.0F, {0, 1}, {large, large}).has_value());
}

TEST_CASE("Roots must ascend from 0 and be nodes") {
  const auto roots = [](std::vector<std::uint32_t> given) {
    return CodeAfter([&](auto& roots, auto&) { roots = given; });
  };
  CHECK(roots({}) == ErrorCode::kInvalidArgument);
  CHECK(roots({1}) == ErrorCode::kInvalidArgument);
  CHECK(roots({0, 0}) == ErrorCode::kInvalidArgument);
  CHECK(roots({0, 5}) == ErrorCode::kInvalidArgument);
}

// A chain: every right child splits again, [split, leaf, split, leaf, ..., leaf].
std::vector<TreeNode> Chain(std::size_t splits) {
  std::vector<TreeNode> nodes;
  for (std::size_t i = 0; i < splits; ++i) {
    nodes.push_back({0, static_cast<std::uint32_t>(2 * i + 1), 0.0F, 1.0F, false});
    nodes.push_back({.value = 1.0F, .cover = 1.0F});
  }
  nodes.push_back({.value = 2.0F, .cover = 1.0F});
  return nodes;
}

TEST_CASE("A tree may be as deep as the limit and no deeper") {
  CHECK(FlatTrees::Make(1, 0.0F, {0}, Chain(FlatTrees::kMaxDepth)).has_value());
  CHECK_FALSE(FlatTrees::Make(1, 0.0F, {0}, Chain(FlatTrees::kMaxDepth + 1)).has_value());
}

TEST_CASE("Random trees are accepted and give finite predictions") {
  RandomTrees random(1);
  for (int i = 0; i < 100; ++i) {
    const FlatTrees trees = random.Trees({.columns = 3, .trees = 4, .splits = 20});
    CHECK(std::isfinite(trees.Predict(random.Row(3))));
  }
}

}  // namespace
}  // namespace recoup::model
