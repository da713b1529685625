#include "graph/sampling/neighbour_block.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "graph/schema/attribute.h"

namespace recoup::graph {
namespace {

// A share that was stored before shares were checked must not weigh more than the whole.
float ShareOf(const EdgeRecord& edge) {
  for (const StoredAttribute& attribute : edge.attributes) {
    if (attribute.id != attribute::kOwnsShare) continue;
    if (const auto* share = std::get_if<double>(&attribute.value)) {
      return static_cast<float>(std::clamp(*share, 0.0, 1.0));
    }
  }
  return 1.0F;
}

}  // namespace

// Plain neighbours come with weight 1. Edges with attributes are read only where the cheaper
// question has found that there are any.
Result<void> FindNeighbours(const GraphView& view, std::span<const NodeId> nodes, std::size_t limit,
                            NeighbourBlock* block) {
  RECOUP_ASSIGN(CsrBlock csr, view.Neighbours(nodes, block->relation, limit));
  block->found.reserve(csr.targets.size());
  for (const NodeId target : csr.targets) block->found.push_back({target});
  block->offsets = std::move(csr.offsets);
  if (block->relation.kind != EdgeKind::kOwns) return {};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::uint32_t begin = block->offsets[i];
    const std::uint32_t end = block->offsets[i + 1];
    if (begin == end) continue;
    RECOUP_ASSIGN(const std::vector<EdgeRecord> edges,
                  view.Edges(nodes[i], block->relation, limit));
    for (std::size_t j = 0; j < edges.size() && begin + j < end; ++j) {
      block->found[begin + j] = {edges[j].neighbour, ShareOf(edges[j])};
    }
  }
  return {};
}

// Asks for one peer more than wanted, because the seed may be among them.
Result<void> FindResolvedPeers(const GraphView& view, std::span<const NodeId> nodes, NodeId seed,
                               std::size_t limit, NeighbourBlock* block) {
  if (block->offsets.empty()) block->offsets.push_back(0);
  for (const NodeId node : nodes) {
    RECOUP_ASSIGN(const std::vector<ResolvedPeer> peers,
                  view.ResolvedPeers(node, block->relation, limit + 1));
    std::size_t taken = 0;
    for (const ResolvedPeer& peer : peers) {
      if (peer.loan == seed || taken == limit) continue;
      block->found.push_back({peer.loan});
      ++taken;
    }
    block->offsets.push_back(static_cast<std::uint32_t>(block->found.size()));
  }
  return {};
}

}  // namespace recoup::graph
