// Boosted regression trees as flat arrays: what serving evaluates, without the library that grew
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/types/result.h"

namespace recoup::model {

/// One node of a tree. A leaf has `feature` -1, and `value` is what it adds; an inner node sends a
/// row to `left` if its feature is below `value`, else to `left + 1`, and a missing one (NaN) to
/// `left` if `missing_left`.
struct TreeNode {
  std::int32_t feature = -1;
  /// Position of the left child among all nodes; the right one follows it. Greater than the
  /// node's own position, so that every walk ends. 0 in a leaf.
  std::uint32_t left = 0;
  float value = 0.0F;
  /// How many training rows came by, by weight: what Contributions weighs the branches with.
  float cover = 0.0F;
  /// False in a leaf.
  bool missing_left = false;

  bool is_leaf() const { return feature < 0; }
  bool operator==(const TreeNode&) const = default;
};

/// An ensemble of trees: prediction = base + sum of one leaf a tree, added in float and in order,
/// as libxgboost does, so that both give the same bits.
/// Threads: share freely. Immutable once made.
class FlatTrees {
 public:
  /// The most splits that a row may pass in one tree; bounds the work of Contributions.
  static constexpr std::size_t kMaxDepth = 64;

  /// No trees over no columns: predicts 0.
  FlatTrees() = default;

  /// `roots` are the positions of the trees' first nodes, ascending, roots[0] == 0. All gain shares
  /// are 0 until they are set.
  /// Errors: kInvalidArgument (a child before its parent or outside of its tree, a feature outside
  /// [0, columns), a number that is not finite, a negative cover, a node that no walk reaches or
  /// two do, a tree deeper than kMaxDepth, leaves that could add up to more than a float holds).
  static Result<FlatTrees> Make(std::size_t columns, float base, std::vector<std::uint32_t> roots,
                                std::vector<TreeNode> nodes);

  std::size_t columns() const { return columns_; }
  std::size_t trees() const { return roots_.size(); }
  float base() const { return base_; }
  std::span<const std::uint32_t> roots() const { return roots_; }
  std::span<const TreeNode> nodes() const { return nodes_; }

  /// Shape: row[columns()]; a missing value is NaN. Finite; not cut to [0, 1].
  float Predict(std::span<const float> row) const;

  /// Splits a prediction over the columns: Shapley values of the trees' conditional expectations
  /// (TreeSHAP, path dependent; Lundberg et al. 2020). Returns the expectation over training.
  /// Shape: contributions[columns()]; returned value + their sum = Predict(row), but for rounding:
  /// Predict adds in float, this in double.
  double Contributions(std::span<const float> row, std::span<double> contributions) const;

  /// Returns, for each column, its share of all that the splits on it gained; sums to 1, or is
  /// all 0 without splits. Kept from the training, because gains cannot be had from the nodes.
  /// Shape: [columns()].
  std::span<const float> gain_shares() const { return gain_shares_; }
  /// REQUIRES: one share a column, none negative.
  void set_gain_shares(std::vector<float> shares) { gain_shares_ = std::move(shares); }

  bool operator==(const FlatTrees&) const = default;

 private:
  std::size_t columns_ = 0;
  float base_ = 0.0F;
  std::vector<std::uint32_t> roots_;
  std::vector<TreeNode> nodes_;
  std::vector<float> gain_shares_;
};

/// Returns where `node` sends `row`. REQUIRES: an inner node, whose feature is one of the row's.
inline std::uint32_t NextNode(const TreeNode& node, std::span<const float> row) {
  const float value = row[static_cast<std::size_t>(node.feature)];
  const bool missing = value != value;
  return node.left + ((missing ? node.missing_left : value < node.value) ? 0 : 1);
}

/// Returns the bytes of one ensemble (docs/formats/trees.md); equal trees give equal bytes.
std::string WriteTrees(const FlatTrees& trees);

/// The bytes are not trusted: sizes are checked before anything is allocated.
/// Errors: kDataLoss (truncated, too long, or not an ensemble as FlatTrees::Make accepts it).
Result<FlatTrees> ReadTrees(std::string_view bytes);

}  // namespace recoup::model
