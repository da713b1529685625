// The surroundings of one loan as of one day: the part of the graph that a forecast looks at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "graph/schema/edge_kind.h"
#include "graph/store/graph_view.h"
#include "graph/types/node_id.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// How far and how wide to look. Part of a model: training and serving must agree.
struct SamplingOptions {
  /// Neighbours of the loan per relation.
  std::uint32_t first_hop_limit = 15;
  /// Neighbours of each first-hop node per relation.
  std::uint32_t second_hop_limit = 10;

  bool operator==(const SamplingOptions&) const = default;
};

/// One step of the walk: `child` was reached from `parent` along `relation`. Messages flow from
/// child to parent. Both are positions in Neighbourhood::nodes.
struct NeighbourhoodEdge {
  Relation relation;
  std::uint32_t parent = 0;
  std::uint32_t child = 0;
  /// `share` of an `owns` edge, otherwise 1.
  float weight = 1.0F;

  bool operator==(const NeighbourhoodEdge&) const = default;
};

/// A tree of nodes around a loan; a node reached twice occurs twice.
/// Shape: nodes[0] is the loan; nodes[1 .. hop_ends[1]) are one edge away,
/// nodes[hop_ends[1] .. hop_ends[2]) two. edges[i].child == i + 1; edges are ordered by parent,
/// then relation, then newest first.
struct Neighbourhood {
  std::vector<NodeId> nodes;
  std::vector<std::uint32_t> hop_ends;  // 3 numbers; hop_ends[0] == 1, hop_ends[2] == nodes.size()
  std::vector<NeighbourhoodEdge> edges;

  bool operator==(const Neighbourhood&) const = default;
};

/// Samples the newest neighbours around `loan`, per relation. From a second-hop relation that leads
/// to loans it takes the newest *resolved* peers (outcome known before the view's day), because
/// only they say something about recoveries; other kinds at the far end of such a relation (the
/// parties of a region, say) are left out. The walk never returns to `loan` itself.
/// Deterministic: the same view gives the same neighbourhood.
/// Memory stays within a small multiple of `max_nodes`, whatever the limits.
/// Errors: kNotFound (the loan is not known by the view's day), kResourceExhausted (more nodes than
/// `max_nodes`), kDataLoss.
Result<Neighbourhood> SampleNeighbourhood(
    const GraphView& view, NodeId loan, const SamplingOptions& options,
    std::size_t max_nodes = std::numeric_limits<std::uint32_t>::max());

}  // namespace recoup::graph
