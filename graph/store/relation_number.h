// A relation as one number, as it stands in keys and in lists.
#pragma once

#include <cstdint>

#include "graph/schema/edge_kind.h"

namespace recoup::graph {

/// Numbers a relation. Part of the stored format; never renumber.
constexpr std::uint16_t RelationNumber(Relation relation) {
  return static_cast<std::uint16_t>((static_cast<unsigned>(relation.kind) << 1) |
                                    static_cast<unsigned>(relation.direction));
}
constexpr Relation RelationOf(std::uint16_t number) {
  return {static_cast<EdgeKind>(number >> 1), static_cast<Direction>(number & 1)};
}
constexpr Relation Inverse(Relation relation) {
  return {relation.kind, relation.direction == Direction::kOut ? Direction::kIn : Direction::kOut};
}

}  // namespace recoup::graph
