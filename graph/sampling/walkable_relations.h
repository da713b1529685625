// Which relations a reader can walk from a node, by its kind.
#pragma once

#include <span>

#include "graph/schema/edge_kind.h"
#include "graph/schema/node_kind.h"

namespace recoup::graph {

struct WalkableRelation {
  Relation relation;
  /// A loan may stand at the other end.
  bool reaches_loans = false;

  bool operator==(const WalkableRelation&) const = default;
};

/// Returns every relation that the schema allows at a node of this kind, ascending.
std::span<const WalkableRelation> RelationsFrom(NodeKind kind);

/// Returns those that may lead to loans, ascending.
std::span<const WalkableRelation> RelationsToLoans(NodeKind kind);

}  // namespace recoup::graph
