// What one relation finds around several nodes: the questions that every sampling is made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/schema/edge_kind.h"
#include "graph/store/graph_view.h"
#include "graph/types/node_id.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// A sampled neighbour with the weight of its edge.
struct Neighbour {
  NodeId node;
  /// `share` of an `owns` edge, otherwise 1.
  float weight = 1.0F;

  bool operator==(const Neighbour&) const = default;
};

/// Shape: those of node i are found[offsets[i] .. offsets[i + 1]), newest first.
struct NeighbourBlock {
  Relation relation;
  std::vector<std::uint32_t> offsets;
  std::vector<Neighbour> found;
};

/// Fills an empty block with up to `limit` neighbours of each node.
/// Errors: kDataLoss.
Result<void> FindNeighbours(const GraphView& view, std::span<const NodeId> nodes, std::size_t limit,
                            NeighbourBlock* block);

/// Adds to the block up to `limit` resolved peers of each node, without `seed`.
/// Errors: kDataLoss.
Result<void> FindResolvedPeers(const GraphView& view, std::span<const NodeId> nodes, NodeId seed,
                               std::size_t limit, NeighbourBlock* block);

}  // namespace recoup::graph
