// Trees of random shape: what no training would grow must be evaluated and stored just as well.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "model/trees/flat_trees.h"

namespace recoup::model {

struct RandomTreesSize {
  std::size_t columns = 4;
  std::size_t trees = 3;
  std::size_t splits = 6;
};

/// Deterministic for a seed. Thresholds and values of rows come from a small grid, so that they
/// often meet; a tenth of the covers are 0.
class RandomTrees {
 public:
  explicit RandomTrees(unsigned seed) : random_(seed) {}

  FlatTrees Trees(const RandomTreesSize& size) {
    std::vector<std::uint32_t> roots;
    std::vector<TreeNode> nodes;
    for (std::size_t tree = 0; tree < size.trees; ++tree) {
      roots.push_back(static_cast<std::uint32_t>(nodes.size()));
      AddTree(nodes, size);
    }
    auto trees = FlatTrees::Make(size.columns, Grid(), std::move(roots), std::move(nodes)).value();
    std::vector<float> shares(size.columns, 1.0F / static_cast<float>(size.columns));
    trees.set_gain_shares(std::move(shares));
    return trees;
  }

  /// A quarter of the values is missing.
  std::vector<float> Row(std::size_t columns) {
    std::vector<float> row(columns);
    for (float& value : row) {
      value = Below(4) == 0 ? std::numeric_limits<float>::quiet_NaN() : Grid();
    }
    return row;
  }

  std::size_t Below(std::size_t bound) { return random_() % bound; }

 private:
  float Grid() { return 0.25F * (static_cast<float>(Below(17)) - 8.0F); }
  float Cover() { return Below(10) == 0 ? 0.0F : static_cast<float>(1 + Below(100)); }

  // Splits the first leaf after a random node, again and again; children go to the end.
  void AddTree(std::vector<TreeNode>& nodes, const RandomTreesSize& size) {
    const std::size_t root = nodes.size();
    nodes.push_back({.value = Grid(), .cover = Cover()});
    for (std::size_t split = 0; split < size.splits; ++split) {
      std::size_t leaf = root + Below(nodes.size() - root);
      while (!nodes[leaf].is_leaf()) ++leaf;
      nodes[leaf].feature = static_cast<std::int32_t>(Below(size.columns));
      nodes[leaf].left = static_cast<std::uint32_t>(nodes.size());
      nodes[leaf].missing_left = Below(2) == 0;
      nodes.push_back({.value = Grid(), .cover = Cover()});
      nodes.push_back({.value = Grid(), .cover = Cover()});
    }
  }

  std::mt19937 random_;
};

}  // namespace recoup::model
