#include "model/trees/flat_trees.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace recoup::model {
namespace {

Error Bad(std::string_view what, std::size_t where) {
  return {ErrorCode::kInvalidArgument,
          "trees: " + std::string(what) + ": " + std::to_string(where)};
}

// The nodes [begin, end) of one tree.
struct TreeRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Result<void> CheckLeaf(const TreeNode& node, std::size_t position) {
  if (node.feature != -1) return Bad("a feature is negative at node", position);
  if (node.left != 0 || node.missing_left) return Bad("a leaf has a child at node", position);
  return {};
}

Result<void> CheckSplit(const TreeNode& node, std::size_t position, TreeRange tree,
                        std::size_t columns) {
  if (static_cast<std::size_t>(node.feature) >= columns) {
    return Bad("a feature is no column at node", position);
  }
  if (node.left <= position || std::size_t{node.left} + 1 >= tree.end) {
    return Bad("a child lies before its parent or outside of its tree; node", position);
  }
  return {};
}

Result<void> CheckNode(const TreeNode& node, std::size_t position, TreeRange tree,
                       std::size_t columns) {
  if (!std::isfinite(node.value) || !std::isfinite(node.cover)) {
    return Bad("a number is not finite at node", position);
  }
  if (node.cover < 0.0F) return Bad("a cover is negative at node", position);
  return node.is_leaf() ? CheckLeaf(node, position) : CheckSplit(node, position, tree, columns);
}

// How a tree's nodes hang together; filled from the root down, because children follow parents.
class Shape {
 public:
  explicit Shape(TreeRange tree) : tree_(tree), depth_(tree.end - tree.begin, kUnreached) {
    depth_[0] = 0;
  }

  // REQUIRES: `node` was checked, and so was every one before it.
  Result<void> Add(const TreeNode& node, std::size_t position) {
    const std::size_t depth = depth_[position - tree_.begin];
    if (depth == kUnreached) return Bad("no walk reaches node", position);
    if (depth > FlatTrees::kMaxDepth) return Bad("the tree is too deep at node", position);
    if (node.is_leaf()) return {};
    for (const std::size_t child : {std::size_t{node.left}, std::size_t{node.left} + 1}) {
      std::size_t& child_depth = depth_[child - tree_.begin];
      if (child_depth != kUnreached) return Bad("two walks reach node", child);
      child_depth = depth + 1;
    }
    return {};
  }

 private:
  static constexpr std::size_t kUnreached = std::numeric_limits<std::size_t>::max();

  TreeRange tree_;
  std::vector<std::size_t> depth_;
};

// Returns the magnitude of the tree's largest leaf.
Result<double> CheckTree(std::span<const TreeNode> nodes, TreeRange tree, std::size_t columns) {
  Shape shape(tree);
  double largest = 0.0;
  for (std::size_t position = tree.begin; position < tree.end; ++position) {
    const TreeNode& node = nodes[position];
    RECOUP_TRY(CheckNode(node, position, tree, columns));
    RECOUP_TRY(shape.Add(node, position));
    if (node.is_leaf()) largest = std::max(largest, std::abs(double{node.value}));
  }
  return largest;
}

Result<void> CheckRoots(std::span<const std::uint32_t> roots, std::size_t nodes) {
  if (roots.empty() && nodes > 0) return Bad("nodes without a tree", nodes);
  for (std::size_t tree = 0; tree < roots.size(); ++tree) {
    const bool first = tree == 0;
    if (first ? roots[0] != 0 : roots[tree] <= roots[tree - 1]) {
      return Bad("roots must ascend from 0; tree", tree);
    }
    if (roots[tree] >= nodes) return Bad("a root is no node; tree", tree);
  }
  return {};
}

// Float sums round, so a little room is left below the largest float.
constexpr double kLargestSum = 0.5 * std::numeric_limits<float>::max();

}  // namespace

Result<FlatTrees> FlatTrees::Make(std::size_t columns, float base, std::vector<std::uint32_t> roots,
                                  std::vector<TreeNode> nodes) {
  if (!std::isfinite(base)) return Bad("the base is not finite; trees", roots.size());
  RECOUP_TRY(CheckRoots(roots, nodes.size()));
  double largest = std::abs(double{base});
  for (std::size_t tree = 0; tree < roots.size(); ++tree) {
    const std::size_t end = tree + 1 < roots.size() ? roots[tree + 1] : nodes.size();
    RECOUP_ASSIGN(const double leaf, CheckTree(nodes, {roots[tree], end}, columns));
    largest += leaf;
  }
  if (largest > kLargestSum) return Bad("the leaves add up to too much; trees", roots.size());
  FlatTrees made;
  made.columns_ = columns;
  made.base_ = base;
  made.roots_ = std::move(roots);
  made.nodes_ = std::move(nodes);
  made.gain_shares_.resize(columns);
  return made;
}

float FlatTrees::Predict(std::span<const float> row) const {
  RECOUP_CHECK(row.size() == columns_);
  float sum = base_;
  for (const std::uint32_t root : roots_) {
    std::uint32_t position = root;
    while (!nodes_[position].is_leaf()) position = NextNode(nodes_[position], row);
    sum += nodes_[position].value;
  }
  return sum;
}

}  // namespace recoup::model
