// Numbers for nodes in the order in which they are met, by kind.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "graph/types/node_id.h"

namespace recoup::model {

/// Threads: one at a time.
class NodeNumbers {
 public:
  /// Returns the node's number among those of its kind, a new one if it was never met.
  std::uint32_t NumberOf(graph::NodeId node) {
    if (2 * (met_ + 1) > slots_.size()) Grow();
    Slot& slot = slots_[SlotOf(node)];
    if (!slot.used) {
      std::vector<graph::NodeId>& nodes = nodes_[node.kind_number()];
      slot = {node, static_cast<std::uint32_t>(nodes.size()), true};
      nodes.push_back(node);
      ++met_;
    }
    return slot.number;
  }

  /// Shape: by number.
  std::span<const graph::NodeId> Of(std::size_t kind) const { return nodes_[kind]; }

 private:
  struct Slot {
    graph::NodeId node;
    std::uint32_t number = 0;
    bool used = false;
  };

  std::size_t SlotOf(graph::NodeId node) const {
    const std::size_t mask = slots_.size() - 1;
    // Only the top bits of the hash know the kind.
    std::size_t slot = std::hash<graph::NodeId>()(node) >> (64 - std::bit_width(mask));
    while (slots_[slot].used && slots_[slot].node != node) slot = (slot + 1) & mask;
    return slot;
  }

  void Grow() {
    std::vector<Slot> before(2 * slots_.size());
    before.swap(slots_);
    for (const Slot& slot : before) {
      if (slot.used) slots_[SlotOf(slot.node)] = slot;
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::size_t met_ = 0;
  std::array<std::vector<graph::NodeId>, 10> nodes_;  // by kind number
};

}  // namespace recoup::model
