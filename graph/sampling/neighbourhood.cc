#include "graph/sampling/neighbourhood.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "graph/sampling/neighbour_block.h"
#include "graph/sampling/walkable_relations.h"

namespace recoup::graph {
namespace {

// How much the second hop may find: around one node, and in all.
struct HopLimits {
  std::size_t per_relation = 0;
  std::size_t max_nodes = 0;
};

Result<void> CheckNodes(std::size_t nodes, std::size_t max_nodes) {
  if (nodes <= max_nodes) return {};
  return Error{ErrorCode::kResourceExhausted,
               "the neighbourhood has too many nodes: ask with lower limits"};
}

// Asks for a few nodes at a time where all at once could bring far more than may be kept.
Result<void> FindNeighboursWithin(const GraphView& view, std::span<const NodeId> nodes,
                                  const HopLimits& limits, NeighbourBlock* block) {
  const std::size_t step =
      std::max<std::size_t>(1, limits.max_nodes / std::max<std::size_t>(1, limits.per_relation));
  if (step >= nodes.size()) {
    RECOUP_TRY(FindNeighbours(view, nodes, limits.per_relation, block));
    return CheckNodes(block->found.size(), limits.max_nodes);
  }
  block->offsets.push_back(0);
  for (std::size_t begin = 0; begin < nodes.size(); begin += step) {
    NeighbourBlock part;
    part.relation = block->relation;
    const std::size_t count = std::min(step, nodes.size() - begin);
    RECOUP_TRY(FindNeighbours(view, nodes.subspan(begin, count), limits.per_relation, &part));
    const auto before = static_cast<std::uint32_t>(block->found.size());
    for (std::size_t i = 1; i <= count; ++i) block->offsets.push_back(before + part.offsets[i]);
    block->found.insert(block->found.end(), part.found.begin(), part.found.end());
    RECOUP_TRY(CheckNodes(block->found.size(), limits.max_nodes));
  }
  return {};
}

// Checks after each node, because a hub could bring far more than may be kept.
Result<void> FindPeersWithin(const GraphView& view, std::span<const NodeId> nodes, NodeId seed,
                             const HopLimits& limits, NeighbourBlock* block) {
  for (const NodeId& node : nodes) {
    RECOUP_TRY(FindResolvedPeers(view, {&node, 1}, seed, limits.per_relation, block));
    RECOUP_TRY(CheckNodes(block->found.size(), limits.max_nodes));
  }
  return {};
}

// The first-hop nodes of one kind and what each relation found around them.
struct KindBlocks {
  std::vector<NodeId> nodes;
  std::vector<NeighbourBlock>
      blocks;  // ascending by relation; relations that found nothing are left out
};

// Takes what it finds off `limits->max_nodes`.
Result<void> FillBlocks(const GraphView& view, NodeKind kind, NodeId seed, HopLimits* limits,
                        KindBlocks* kind_blocks) {
  for (const WalkableRelation& walkable : RelationsFrom(kind)) {
    NeighbourBlock block;
    block.relation = walkable.relation;
    if (walkable.reaches_loans) {
      RECOUP_TRY(FindPeersWithin(view, kind_blocks->nodes, seed, *limits, &block));
    } else {
      RECOUP_TRY(FindNeighboursWithin(view, kind_blocks->nodes, *limits, &block));
    }
    limits->max_nodes -= block.found.size();
    if (!block.found.empty()) kind_blocks->blocks.push_back(std::move(block));
  }
  return {};
}

void Append(Relation relation, std::uint32_t parent, const Neighbour& neighbour,
            Neighbourhood* out) {
  out->edges.push_back(
      {relation, parent, static_cast<std::uint32_t>(out->nodes.size()), neighbour.weight});
  out->nodes.push_back(neighbour.node);
}

Result<void> AppendFirstHop(const GraphView& view, NodeId loan, std::size_t limit,
                            Neighbourhood* out) {
  for (const WalkableRelation& walkable : RelationsFrom(NodeKind::kLoan)) {
    NeighbourBlock block;
    block.relation = walkable.relation;
    RECOUP_TRY(FindNeighbours(view, {&loan, 1}, limit, &block));
    for (const Neighbour& neighbour : block.found) Append(block.relation, 0, neighbour, out);
  }
  return {};
}

// Asks once per kind and relation for all first-hop nodes of that kind together, then hands the
// answers out in the order of the parents.
Result<void> AppendSecondHop(const GraphView& view, NodeId loan, HopLimits limits,
                             Neighbourhood* out) {
  const auto first_end = static_cast<std::uint32_t>(out->nodes.size());
  std::array<KindBlocks, 10> by_kind;
  for (std::uint32_t i = 1; i < first_end; ++i) {
    by_kind[out->nodes[i].kind_number()].nodes.push_back(out->nodes[i]);
  }
  for (const NodeKind kind : kAllNodeKinds) {
    KindBlocks& blocks = by_kind[static_cast<std::size_t>(kind)];
    if (!blocks.nodes.empty()) RECOUP_TRY(FillBlocks(view, kind, loan, &limits, &blocks));
  }
  std::array<std::size_t, 10> next{};
  for (std::uint32_t parent = 1; parent < first_end; ++parent) {
    const std::size_t kind = out->nodes[parent].kind_number();
    const std::size_t i = next[kind]++;
    for (const NeighbourBlock& block : by_kind[kind].blocks) {
      for (std::uint32_t j = block.offsets[i]; j < block.offsets[i + 1]; ++j) {
        Append(block.relation, parent, block.found[j], out);
      }
    }
  }
  return {};
}

}  // namespace

Result<Neighbourhood> SampleNeighbourhood(const GraphView& view, NodeId loan,
                                          const SamplingOptions& options, std::size_t max_nodes) {
  // The only question that tells an unknown loan from one without neighbours.
  RECOUP_TRY(view.Node(loan));
  Neighbourhood out;
  out.nodes.reserve(128);
  out.edges.reserve(128);
  out.nodes.push_back(loan);
  out.hop_ends.reserve(3);
  out.hop_ends.push_back(1);
  RECOUP_TRY(AppendFirstHop(view, loan, options.first_hop_limit, &out));
  RECOUP_TRY(CheckNodes(out.nodes.size(), max_nodes));
  out.hop_ends.push_back(static_cast<std::uint32_t>(out.nodes.size()));
  RECOUP_TRY(
      AppendSecondHop(view, loan, {options.second_hop_limit, max_nodes - out.nodes.size()}, &out));
  out.hop_ends.push_back(static_cast<std::uint32_t>(out.nodes.size()));
  return out;
}

}  // namespace recoup::graph
