// How the entries of one history become what a view shows. Both stores read by these rules.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/store/graph_view.h"
#include "graph/types/date.h"
#include "graph/types/node_id.h"

namespace recoup::graph {

/// What a view may see: facts known by a day, among the first `sequence` facts of the store.
struct Horizon {
  Date as_of;
  std::uint64_t sequence = 0;

  bool Sees(Date known_at, std::uint64_t fact) const {
    return known_at <= as_of && fact <= sequence;
  }
};

/// Adds those of `older` that `attributes` does not hold. Both are ascending by id.
void MergeOlder(const std::vector<StoredAttribute>& older,
                std::vector<StoredAttribute>* attributes);

/// A set of node ids for one read; cheaper than the standard one, because it is small and short
/// lived.
class NodeSet {
 public:
  bool empty() const { return size_ == 0; }
  bool Contains(NodeId id) const;

  /// Returns false if it held the id before.
  bool Insert(NodeId id);

 private:
  std::size_t SlotOf(NodeId id) const;
  void Grow();

  // Open addressing; a slot holds value + 1, and 0 where it is free. Node ids never are all ones.
  std::vector<std::uint64_t> slots_;
  std::size_t size_ = 0;
};

}  // namespace recoup::graph
