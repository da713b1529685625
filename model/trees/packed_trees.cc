#include "model/trees/packed_trees.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace recoup::model {
namespace {

constexpr std::uint32_t kBelowAll = 0;
constexpr std::uint32_t kAboveAll = 0xFFFF'FFFF;

// Adding it changes no sum, not even the sign of 0.
constexpr float kNothing = -0.0F;

using Trees = std::make_index_sequence<PackedTrees::kGroup>;

}  // namespace

std::uint32_t OrderOf(float value) {
  // Turns -0 into 0: they are equal, and their bits are not.
  const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);
  // Negative floats descend as their bits ascend.
  const auto negative = static_cast<std::uint32_t>(static_cast<std::int32_t>(bits) >> 31);
  return bits ^ (negative | 0x8000'0000U);
}

void OrderedRow::Resize(std::size_t columns) {
  columns_ = columns;
  // Where a tree has no split left, it still reads the first value.
  orders_.resize(std::max<std::size_t>(2 * columns, 1));
}

void OrderedRow::Write(std::size_t first, std::span<const float> values) {
  RECOUP_CHECK(first + values.size() <= columns_);
  std::uint32_t* low = orders_.data() + first;
  std::uint32_t* high = low + columns_;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t order = OrderOf(values[i]);
    const bool missing = values[i] != values[i];
    low[i] = missing ? kBelowAll : order;
    high[i] = missing ? kAboveAll : order;
  }
}

/// Turns the nodes of one ensemble into groups and deep trees.
class PackedTrees::Packer {
 public:
  Packer(const FlatTrees& from, std::span<const std::uint32_t> positions, PackedTrees* to)
      : nodes_(from.nodes()), roots_(from.roots()), positions_(positions), to_(to) {}

  void Pack() {
    for (std::size_t first = 0; first < roots_.size(); first += kGroup) {
      const auto trees = roots_.subspan(first, std::min(kGroup, roots_.size() - first));
      const bool is_packed = std::all_of(trees.begin(), trees.end(), [this](std::uint32_t root) {
        return FitsBelow(root, kPackedDepth);
      });
      const std::size_t before = is_packed ? to_->groups_.size() : to_->deep_roots_.size();
      to_->steps_.push_back({is_packed, static_cast<std::uint32_t>(before),
                             static_cast<std::uint32_t>(trees.size())});
      is_packed ? AddGroup(trees) : AddDeep(trees);
    }
  }

 private:
  // Whether no more than `splits` splits follow each other. Recursion ends: a step less each time.
  bool FitsBelow(std::uint32_t node, std::size_t splits) const {
    if (nodes_[node].is_leaf()) return true;
    const std::uint32_t left = nodes_[node].left;
    return splits > 0 && FitsBelow(left, splits - 1) && FitsBelow(left + 1, splits - 1);
  }

  Split SplitOf(const TreeNode& node) const {
    const std::uint32_t position = positions_[static_cast<std::size_t>(node.feature)];
    const auto half = static_cast<std::uint32_t>(node.missing_left ? 0 : to_->row_columns_);
    return {OrderOf(node.value), position + half};
  }

  void AddGroup(std::span<const std::uint32_t> trees) {
    Group& group = to_->groups_.emplace_back();
    for (auto& leaves : group.leaves) leaves.fill(kNothing);
    for (std::size_t tree = 0; tree < trees.size(); ++tree) Place(trees[tree], 1, tree, &group);
  }

  // `place` numbers a complete tree's nodes from its root, 1; children 2 i and 2 i + 1.
  void Place(std::uint32_t node, std::size_t place, std::size_t tree, Group* group) const {
    constexpr std::size_t kLeaves = kBlockLeaves * kBlockLeaves;
    if (place >= kLeaves) {
      group->leaves[tree][place - kLeaves] = nodes_[node].value;
      return;
    }
    const bool is_leaf = nodes_[node].is_leaf();
    if (!is_leaf) *SlotOf(place, tree, group) = SplitOf(nodes_[node]);
    Place(is_leaf ? node : nodes_[node].left + 1, 2 * place, tree, group);
    Place(is_leaf ? node : nodes_[node].left, 2 * place + 1, tree, group);
  }

  static Split* SlotOf(std::size_t place, std::size_t tree, Group* group) {
    if (place < kBlockLeaves) return &group->tops[tree].splits[place];
    const auto below = static_cast<std::size_t>(std::bit_width(place)) - 1 - kBlockDepth;
    const std::size_t block = (place >> below) - kBlockLeaves;
    const std::size_t within =
        (std::size_t{1} << below) | (place & ((std::size_t{1} << below) - 1));
    return &group->bottoms[tree][block].splits[within];
  }

  void AddDeep(std::span<const std::uint32_t> trees) {
    for (const std::uint32_t root : trees) {
      const auto begin = static_cast<std::uint32_t>(to_->deep_nodes_.size());
      to_->deep_roots_.push_back(begin);
      const auto next = std::upper_bound(roots_.begin(), roots_.end(), root);
      const std::size_t end = next == roots_.end() ? nodes_.size() : *next;
      for (const TreeNode& node : nodes_.subspan(root, end - root)) {
        to_->deep_nodes_.push_back(node.is_leaf()
                                       ? DeepNode{{}, 0, node.value}
                                       : DeepNode{SplitOf(node), node.left - root + begin, 0.0F});
      }
    }
  }

  std::span<const TreeNode> nodes_;
  std::span<const std::uint32_t> roots_;
  std::span<const std::uint32_t> positions_;
  PackedTrees* to_;
};

PackedTrees::PackedTrees(const FlatTrees& trees, std::span<const std::uint32_t> positions,
                         std::size_t row_columns)
    : row_columns_(row_columns), base_(trees.base()) {
  RECOUP_CHECK(positions.size() == trees.columns());
  for (const std::uint32_t position : positions) RECOUP_CHECK(position < row_columns);
  Packer(trees, positions, this).Pack();
}

// All trees take a step before any takes the next: each step waits for memory, and so they wait
// together. Unrolled by hand over the trees, for the positions to stay in registers.
float PackedTrees::AddGroup(const Group& group, const std::uint32_t* row, float sum) {
  const auto each = [](const auto& work) {
    [&]<std::size_t... tree>(std::index_sequence<tree...>) { (work(tree), ...); }
    (Trees());
  };
  const auto next = [row](const Block& block, std::size_t place) -> std::size_t {
    const Split& split = block.splits[place];
    return place + place + (row[split.slot] < split.threshold ? 1 : 0);
  };
  std::array<std::size_t, kGroup> place;
  std::array<std::size_t, kGroup> bottom;
  each([&](std::size_t tree) { place[tree] = next(group.tops[tree], 1); });
  each([&](std::size_t tree) { place[tree] = next(group.tops[tree], place[tree]); });
  each(
      [&](std::size_t tree) { bottom[tree] = next(group.tops[tree], place[tree]) - kBlockLeaves; });
  const auto below = [&](std::size_t tree, std::size_t at) {
    return next(group.bottoms[tree][bottom[tree]], at);
  };
  each([&](std::size_t tree) { place[tree] = below(tree, 1); });
  each([&](std::size_t tree) { place[tree] = below(tree, place[tree]); });
  each([&](std::size_t tree) { place[tree] = below(tree, place[tree]) - kBlockLeaves; });
  // In order, as libxgboost adds them.
  each([&](std::size_t tree) {
    sum += group.leaves[tree][bottom[tree] * kBlockLeaves + place[tree]];
  });
  return sum;
}

float PackedTrees::AddDeep(const Step& step, const std::uint32_t* row, float sum) const {
  for (std::uint32_t tree = step.first; tree < step.first + step.trees; ++tree) {
    const DeepNode* node = &deep_nodes_[deep_roots_[tree]];
    while (node->left != 0) {
      const bool goes_left = row[node->split.slot] < node->split.threshold;
      node = &deep_nodes_[node->left + (goes_left ? 0 : 1)];
    }
    sum += node->value;
  }
  return sum;
}

float PackedTrees::Predict(const OrderedRow& row) const {
  RECOUP_CHECK(row.columns() == row_columns_);
  float sum = base_;
  for (const Step& step : steps_) {
    sum = step.is_packed ? AddGroup(groups_[step.first], row.data(), sum)
                         : AddDeep(step, row.data(), sum);
  }
  return sum;
}

}  // namespace recoup::model
