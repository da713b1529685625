// Which map a relation has, without comparing names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/artifact/network_layout.h"

namespace recoup::model {

/// Positions in a list of maps, by relation.
/// Threads: share freely once filled.
class RelationSlots {
 public:
  RelationSlots() : positions_(kSlots, 0) {}

  /// REQUIRES: a relation of AllRelations().
  void Set(const RelationKey& key, std::size_t position) {
    positions_[Slot(key)] = static_cast<std::uint16_t>(position + 1);
  }

  /// Returns the relation's map, or null if it has none, or if the key's numbers are of no
  /// relation.
  template <typename Map>
  const Map* Find(const RelationKey& key, const std::vector<Map>& maps) const {
    if (!IsWithin(key)) return nullptr;
    const std::uint16_t position = positions_[Slot(key)];
    return position == 0 ? nullptr : &maps[position - 1U];
  }

 private:
  static constexpr std::size_t kKinds = 10;  // by number; 0 stays empty
  static constexpr std::size_t kEdges = 16;  // by number, room for 15
  static constexpr std::size_t kSlots = 2 * kEdges * kKinds * kKinds;

  // Numbers beyond would fall on the slot of another relation.
  static bool IsWithin(const RelationKey& key) {
    return static_cast<std::size_t>(key.relation.direction) < 2 &&
           static_cast<std::size_t>(key.relation.kind) < kEdges &&
           static_cast<std::size_t>(key.parent) < kKinds &&
           static_cast<std::size_t>(key.child) < kKinds;
  }

  static std::size_t Slot(const RelationKey& key) {
    const auto direction = static_cast<std::size_t>(key.relation.direction);
    const auto edge = static_cast<std::size_t>(key.relation.kind);
    const auto parent = static_cast<std::size_t>(key.parent);
    const auto child = static_cast<std::size_t>(key.child);
    return ((direction * kEdges + edge) * kKinds + parent) * kKinds + child;
  }

  // Position plus 1; 0: no map.
  std::vector<std::uint16_t> positions_;
};

}  // namespace recoup::model
