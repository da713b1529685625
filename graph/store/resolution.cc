#include "graph/store/resolution.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace recoup::graph {

void MergeOlder(const std::vector<StoredAttribute>& older,
                std::vector<StoredAttribute>* attributes) {
  const auto by_id = [](const StoredAttribute& a, const StoredAttribute& b) { return a.id < b.id; };
  if (std::includes(attributes->begin(), attributes->end(), older.begin(), older.end(), by_id)) {
    return;
  }
  std::vector<StoredAttribute> merged;
  merged.reserve(attributes->size() + older.size());
  // Of two with the same id set_union takes the first range's: the newer one.
  std::set_union(std::make_move_iterator(attributes->begin()),
                 std::make_move_iterator(attributes->end()), older.begin(), older.end(),
                 std::back_inserter(merged), by_id);
  *attributes = std::move(merged);
}

bool NodeSet::Contains(NodeId id) const { return size_ != 0 && slots_[SlotOf(id)] != 0; }

bool NodeSet::Insert(NodeId id) {
  if (2 * (size_ + 1) > slots_.size()) Grow();
  std::uint64_t& slot = slots_[SlotOf(id)];
  if (slot != 0) return false;
  slot = id.value() + 1;
  ++size_;
  return true;
}

std::size_t NodeSet::SlotOf(NodeId id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = (std::hash<NodeId>()(id) >> 20) & mask;
  while (slots_[slot] != 0 && slots_[slot] != id.value() + 1) slot = (slot + 1) & mask;
  return slot;
}

void NodeSet::Grow() {
  std::vector<std::uint64_t> old = std::exchange(
      slots_, std::vector<std::uint64_t>(std::max<std::size_t>(64, 2 * slots_.size())));
  for (const std::uint64_t value : old) {
    if (value != 0) slots_[SlotOf(NodeId(value - 1))] = value;
  }
}

}  // namespace recoup::graph
