// The order of EncodedNeighbourhood::relations as one small number, for sorting and tables.
#pragma once

#include <cstddef>
#include <cstdint>

#include "graph/schema/edge_kind.h"
#include "graph/schema/node_kind.h"
#include "model/features/encoded_neighbourhood.h"

namespace recoup::model {

/// One more than the largest RelationOrder.
inline constexpr std::size_t kRelationOrders = std::size_t{1} << 15;

/// Ascends by (hop, relation, parent kind, child kind). REQUIRES: hop is 1 or 2.
constexpr std::uint32_t RelationOrder(std::uint8_t hop, graph::Relation relation,
                                      graph::NodeKind parent, graph::NodeKind child) {
  return (std::uint32_t{hop} << 13) | (static_cast<std::uint32_t>(relation.kind) << 9) |
         (static_cast<std::uint32_t>(relation.direction) << 8) |
         (static_cast<std::uint32_t>(parent) << 4) | static_cast<std::uint32_t>(child);
}

constexpr std::uint32_t RelationOrder(const RelationRows& rows) {
  return RelationOrder(rows.hop, rows.relation, rows.parent_kind, rows.child_kind);
}

}  // namespace recoup::model
