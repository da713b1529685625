// Of FlatTrees::Contributions: worked by hand, and against the definition of the Shapley value.
#include <bit>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numeric>

#include "tests/unit/model/trees/random_trees.h"

namespace recoup::model {
namespace {

using Catch::Approx;

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

struct Split {
  double expectation = 0.0;
  std::vector<double> contributions;
};

Split Explain(const FlatTrees& trees, const std::vector<float>& row) {
  Split split;
  split.contributions.assign(trees.columns(), 99.0);
  split.expectation = trees.Contributions(row, split.contributions);
  return split;
}

// The mean of the tree below `position`, given the columns in `known` (a bit each).
double Mean(const FlatTrees& trees, std::uint32_t position, std::span<const float> row,
            unsigned known) {
  const TreeNode& node = trees.nodes()[position];
  if (node.is_leaf()) return node.value;
  if ((known >> node.feature & 1U) != 0) return Mean(trees, NextNode(node, row), row, known);
  const double left = trees.nodes()[node.left].cover;
  const double right = trees.nodes()[node.left + 1].cover;
  const double share = left + right == 0.0 ? 0.5 : left / (left + right);
  return share * Mean(trees, node.left, row, known) +
         (1.0 - share) * Mean(trees, node.left + 1, row, known);
}

double Worth(const FlatTrees& trees, std::span<const float> row, unsigned known) {
  double sum = trees.base();
  for (const std::uint32_t root : trees.roots()) sum += Mean(trees, root, row, known);
  return sum;
}

// The definition: what a column adds, averaged over all orders in which columns become known.
double ShapleyValue(const FlatTrees& trees, std::span<const float> row, std::size_t column) {
  const auto factorial = [](std::size_t n) { return std::tgamma(static_cast<double>(n) + 1.0); };
  const std::size_t columns = trees.columns();
  double sum = 0.0;
  for (unsigned known = 0; known < 1U << columns; ++known) {
    if ((known >> column & 1U) != 0) continue;
    const auto size = static_cast<std::size_t>(std::popcount(known));
    const double orders = factorial(size) * factorial(columns - size - 1) / factorial(columns);
    sum += orders * (Worth(trees, row, known | 1U << column) - Worth(trees, row, known));
  }
  return sum;
}

TEST_CASE("Two columns share a prediction as worked by hand") {
  // x0 < 0.5 ? 1 (4 rows) : (x1 < 2 ? 2 (2 rows) : 5 (4 rows)), for the row (0.7, 3).
  // Known nothing: 0.4 x 1 + 0.6 x (2/6 x 2 + 4/6 x 5) = 0.4 + 0.6 x 4 = 2.8. Known x0: 4.
  // Known x1: 0.4 x 1 + 0.6 x 5 = 3.4. Known both: 5.
  // x0: ((4 - 2.8) + (5 - 3.4)) / 2 = 1.4; x1: ((3.4 - 2.8) + (5 - 4)) / 2 = 0.8.
  const auto trees = FlatTrees::Make(2, 10.0F, {0},
                                     {{0, 1, 0.5F, 10.0F, true},
                                      {-1, 0, 1.0F, 4.0F, false},
                                      {1, 3, 2.0F, 6.0F, false},
                                      {-1, 0, 2.0F, 2.0F, false},
                                      {-1, 0, 5.0F, 4.0F, false}});
  REQUIRE(trees.has_value());
  const Split split = Explain(*trees, {0.7F, 3.0F});
  CHECK(split.expectation == Approx(12.8));
  CHECK(split.contributions[0] == Approx(1.4));
  CHECK(split.contributions[1] == Approx(0.8));
  // Missing x0 goes left: f = 1, known x0: 1, known x1 (3 again): 3.4.
  // x0: ((1 - 2.8) + (1 - 3.4)) / 2 = -2.1; x1: ((3.4 - 2.8) + (1 - 1)) / 2 = 0.3.
  const Split missing = Explain(*trees, {kMissing, 3.0F});
  CHECK(missing.contributions[0] == Approx(-2.1));
  CHECK(missing.contributions[1] == Approx(0.3));
}

TEST_CASE("A column that a path asks twice gets its due once") {
  // x0 < 1 ? (x0 < 0 ? 10 (2 rows) : 20 (4 rows)) : 30 (2 rows); the mean is 160 / 8 = 20.
  const auto trees = FlatTrees::Make(1, 0.0F, {0},
                                     {{0, 1, 1.0F, 8.0F, false},
                                      {0, 3, 0.0F, 6.0F, false},
                                      {-1, 0, 30.0F, 2.0F, false},
                                      {-1, 0, 10.0F, 2.0F, false},
                                      {-1, 0, 20.0F, 4.0F, false}});
  REQUIRE(trees.has_value());
  CHECK(Explain(*trees, {2.0F}).expectation == Approx(20.0));
  CHECK(Explain(*trees, {2.0F}).contributions[0] == Approx(10.0));
  CHECK(Explain(*trees, {0.5F}).contributions[0] == Approx(0.0).margin(1e-12));
  CHECK(Explain(*trees, {-1.0F}).contributions[0] == Approx(-10.0));
}

TEST_CASE("A tree without splits explains nothing") {
  const auto trees = FlatTrees::Make(1, 0.5F, {0}, {{.value = 0.25F, .cover = 3.0F}});
  REQUIRE(trees.has_value());
  CHECK(Explain(*trees, {1.0F}).expectation == 0.75);
  CHECK(Explain(*trees, {1.0F}).contributions[0] == 0.0);
}

TEST_CASE("Contributions are the Shapley values of the definition, for trees of any shape") {
  RandomTrees random(7);
  for (int i = 0; i < 200; ++i) {
    const std::size_t columns = 1 + random.Below(5);
    const FlatTrees trees = random.Trees({columns, 1 + random.Below(3), random.Below(16)});
    const std::vector<float> row = random.Row(columns);
    const Split split = Explain(trees, row);
    CHECK(split.expectation == Approx(Worth(trees, row, 0)).margin(1e-9));
    for (std::size_t column = 0; column < columns; ++column) {
      CHECK(split.contributions[column] ==
            Approx(ShapleyValue(trees, row, column)).margin(1e-9).epsilon(1e-9));
    }
  }
}

TEST_CASE("Expectation and contributions add up to the prediction") {
  RandomTrees random(8);
  for (int i = 0; i < 100; ++i) {
    const FlatTrees trees = random.Trees({.columns = 30, .trees = 20, .splits = 60});
    const std::vector<float> row = random.Row(30);
    const Split split = Explain(trees, row);
    const double sum =
        std::accumulate(split.contributions.begin(), split.contributions.end(), split.expectation);
    CHECK(sum == Approx(double{trees.Predict(row)}).margin(1e-6));
  }
}

// A chain of splits, each on a column of its own and with its own covers.
FlatTrees Deepest(RandomTrees& random) {
  std::vector<TreeNode> nodes;
  for (std::size_t i = 0; i < FlatTrees::kMaxDepth; ++i) {
    nodes.push_back({static_cast<std::int32_t>(i), static_cast<std::uint32_t>(2 * i + 1), 0.0F,
                     static_cast<float>(1 + random.Below(100)), random.Below(2) == 0});
    nodes.push_back({.value = static_cast<float>(random.Below(9)),
                     .cover = static_cast<float>(1 + random.Below(100))});
  }
  nodes.push_back({.value = 9.0F, .cover = 1.0F});
  return FlatTrees::Make(FlatTrees::kMaxDepth, 0.0F, {0}, nodes).value();
}

TEST_CASE("The deepest paths keep the sum exact to eight digits") {
  RandomTrees random(9);
  for (int i = 0; i < 50; ++i) {
    const FlatTrees trees = Deepest(random);
    std::vector<float> row = random.Row(trees.columns());
    if (i % 2 == 0) row.assign(trees.columns(), 1.0F);  // all the way down
    const Split split = Explain(trees, row);
    const double sum =
        std::accumulate(split.contributions.begin(), split.contributions.end(), split.expectation);
    CHECK(sum == Approx(double{trees.Predict(row)}).margin(1e-8));
  }
}

TEST_CASE("Covers that differ by all that a float can leave every contribution finite") {
  // Always the same column, and hardly a row in the deeper branch: shares of 3e-84, multiplied.
  std::vector<TreeNode> nodes;
  for (std::uint32_t i = 0; i < 5; ++i) {
    nodes.push_back({0, 2 * i + 1, static_cast<float>(i), 1e-45F, false});
    nodes.push_back({.value = 1.0F, .cover = 3e38F});
  }
  nodes.push_back({.value = 2.0F, .cover = 1e-45F});
  const auto trees = FlatTrees::Make(1, 0.0F, {0}, nodes);
  REQUIRE(trees.has_value());
  for (const float value : {-1.0F, 2.5F, 9.0F}) {
    const Split split = Explain(*trees, {value});
    CHECK(split.expectation + split.contributions[0] ==
          Approx(double{trees->Predict(std::vector<float>{value})}));
  }
}

}  // namespace
}  // namespace recoup::model
