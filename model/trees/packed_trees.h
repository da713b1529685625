// Boosted trees laid out for the walk of one row: many trees at once, without a branch that the
// processor could guess wrong.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/trees/flat_trees.h"

namespace recoup::model {

/// Returns an integer that is less than another's exactly where `value` is less than the other.
/// REQUIRES: not NaN.
std::uint32_t OrderOf(float value);

/// A row as PackedTrees read it: each value twice, as its order among floats. A missing one is less
/// than any threshold in the first half and greater in the second; a split reads the half that
/// sends a missing value where it belongs, and need not ask whether there is one.
/// Threads: none; keep one a worker, since its memory is used again.
class OrderedRow {
 public:
  /// Makes room for a row; what stood there is undefined until it is written.
  void Resize(std::size_t columns);
  std::size_t columns() const { return columns_; }

  /// Writes values from column `first` on; a missing one is NaN.
  /// REQUIRES: they fit.
  void Write(std::size_t first, std::span<const float> values);

  const std::uint32_t* data() const { return orders_.data(); }

 private:
  std::size_t columns_ = 0;
  std::vector<std::uint32_t> orders_;  // [2 * columns], at least 1
};

/// The same numbers as FlatTrees, bit for bit, several times faster.
/// Threads: share freely. Immutable once made.
class PackedTrees {
 public:
  /// No trees: predicts 0.
  PackedTrees() = default;

  /// Column i of `trees` is read from column positions[i] of rows of `row_columns`, so that several
  /// ensembles can read one row.
  /// REQUIRES: a position for each column, all below row_columns.
  PackedTrees(const FlatTrees& trees, std::span<const std::uint32_t> positions,
              std::size_t row_columns);

  /// REQUIRES: row.columns() is what the trees were packed for.
  float Predict(const OrderedRow& row) const;

  /// Trees that are walked at once, and the most splits of a row in each of them. A group with a
  /// deeper tree is walked tree by tree.
  static constexpr std::size_t kGroup = 16;
  static constexpr std::size_t kPackedDepth = 6;

 private:
  static constexpr std::size_t kBlockDepth = kPackedDepth / 2;
  static constexpr std::size_t kBlockLeaves = std::size_t{1} << kBlockDepth;

  struct Split {
    std::uint32_t threshold = 0;  // OrderOf
    std::uint32_t slot = 0;       // in the ordered row
  };
  /// Three levels of a complete tree in one cache line. Split i has the children 2 i, where the
  /// value is not below the threshold, and 2 i + 1, where it is; 0 is not used.
  struct alignas(64) Block {
    std::array<Split, kBlockLeaves> splits;
  };
  /// kGroup trees, complete and kPackedDepth deep: a leaf that lies higher is repeated.
  struct Group {
    std::array<Block, kGroup> tops;
    std::array<std::array<Block, kBlockLeaves>, kGroup> bottoms;
    std::array<std::array<float, kBlockLeaves * kBlockLeaves>, kGroup> leaves;
  };
  struct DeepNode {
    Split split;
    std::uint32_t left = 0;  // among deep nodes, the right one follows; 0 in a leaf
    float value = 0.0F;      // of a leaf
  };
  /// Up to kGroup trees, in order: a group, or deep trees one by one.
  struct Step {
    bool is_packed = true;
    std::uint32_t first = 0;  // of groups_ or deep_roots_
    std::uint32_t trees = 0;
  };
  class Packer;

  static float AddGroup(const Group& group, const std::uint32_t* row, float sum);
  float AddDeep(const Step& step, const std::uint32_t* row, float sum) const;

  std::size_t row_columns_ = 0;
  float base_ = 0.0F;
  std::vector<Step> steps_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> deep_roots_;
  std::vector<DeepNode> deep_nodes_;
};

}  // namespace recoup::model
