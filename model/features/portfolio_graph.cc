#include "model/features/portfolio_graph.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "graph/sampling/neighbour_block.h"
#include "graph/sampling/walkable_relations.h"
#include "model/features/node_numbers.h"
#include "model/features/peer_pool.h"
#include "model/features/relation_order.h"

namespace recoup::model {
namespace {

using graph::NeighbourBlock;
using graph::NodeId;
using graph::NodeKind;

// Nodes that a worker asks for, or encodes, before it takes the next: enough to make the counter
// cheap, few enough to end together.
constexpr std::size_t kBlock = 256;

std::size_t Index(NodeKind kind) { return static_cast<std::size_t>(kind); }

// Who asks: everything that stays the same throughout.
struct Source {
  const graph::GraphView& view;
  const Encoder& encoder;
  const Workers& workers;
};

// What all relations of one kind found around its nodes, one block of nodes after the other.
using BlocksOfRelation = std::vector<NeighbourBlock>;

Result<NeighbourBlock> AskBlock(const graph::GraphView& view,
                                const graph::WalkableRelation& walkable,
                                std::span<const NodeId> nodes, bool peers_only, std::size_t limit) {
  NeighbourBlock block;
  block.relation = walkable.relation;
  if (peers_only && walkable.reaches_loans) {
    RECOUP_TRY(graph::FindResolvedPeers(view, nodes, NodeId(), limit, &block));
  } else {
    RECOUP_TRY(graph::FindNeighbours(view, nodes, limit, &block));
  }
  return block;
}

// Joins what was found block by block into one.
NeighbourBlock Joined(BlocksOfRelation parts, graph::Relation relation, std::size_t nodes) {
  NeighbourBlock all;
  all.relation = relation;
  std::size_t found = 0;
  for (const NeighbourBlock& part : parts) found += part.found.size();
  if (found == 0) return all;
  all.found.reserve(found);
  all.offsets.reserve(nodes + 1);
  all.offsets.push_back(0);
  for (const NeighbourBlock& part : parts) {
    const auto before = static_cast<std::uint32_t>(all.found.size());
    for (std::size_t i = 1; i < part.offsets.size(); ++i) {
      all.offsets.push_back(before + part.offsets[i]);
    }
    all.found.insert(all.found.end(), part.found.begin(), part.found.end());
  }
  return all;
}

// Asks along every relation of the kind, for a block of nodes at a time. Returns those relations
// that found something, ascending.
Result<std::vector<NeighbourBlock>> AskAround(const Source& source, NodeKind kind,
                                              std::span<const NodeId> nodes, bool peers_only,
                                              std::size_t limit) {
  const auto relations = graph::RelationsFrom(kind);
  std::vector<BlocksOfRelation> parts(relations.size(),
                                      BlocksOfRelation((nodes.size() + kBlock - 1) / kBlock));
  RECOUP_TRY(InBlocks(nodes.size(), kBlock, source.workers, [&] {
    return [&](std::size_t begin, std::size_t end) -> Result<void> {
      for (std::size_t r = 0; r < relations.size(); ++r) {
        RECOUP_ASSIGN(parts[r][begin / kBlock],
                      AskBlock(source.view, relations[r], nodes.subspan(begin, end - begin),
                               peers_only, limit));
      }
      return {};
    };
  }));
  std::vector<NeighbourBlock> found;
  for (std::size_t r = 0; r < relations.size(); ++r) {
    NeighbourBlock all = Joined(std::move(parts[r]), relations[r].relation, nodes.size());
    if (!all.found.empty()) found.push_back(std::move(all));
  }
  return found;
}

// Numbers the neighbours in the order in which a walk from node to node meets them.
// Shape: one vector a block, one number a neighbour.
std::vector<std::vector<std::uint32_t>> NumbersOf(std::span<const NeighbourBlock> blocks,
                                                  std::size_t nodes, NodeNumbers* numbers) {
  std::vector<std::vector<std::uint32_t>> of_blocks;
  for (const NeighbourBlock& block : blocks) of_blocks.emplace_back(block.found.size());
  for (std::size_t i = 0; i < nodes; ++i) {
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      for (std::uint32_t j = blocks[b].offsets[i]; j < blocks[b].offsets[i + 1]; ++j) {
        of_blocks[b][j] = numbers->NumberOf(blocks[b].found[j].node);
      }
    }
  }
  return of_blocks;
}

PortfolioEdges EdgesTo(NodeKind child_kind, const NeighbourBlock& block,
                       std::span<const std::uint32_t> numbers) {
  PortfolioEdges edges;
  edges.relation = block.relation;
  edges.child_kind = child_kind;
  edges.offsets.reserve(block.offsets.size());
  edges.offsets.push_back(0);
  bool weighted = false;
  for (std::size_t i = 0; i + 1 < block.offsets.size(); ++i) {
    for (std::uint32_t j = block.offsets[i]; j < block.offsets[i + 1]; ++j) {
      const graph::Neighbour& neighbour = block.found[j];
      if (graph::KindOf(neighbour.node) != child_kind) continue;
      edges.children.push_back(numbers[j]);
      edges.weights.push_back(neighbour.weight);
      weighted = weighted || neighbour.weight != 1.0F;
    }
    edges.offsets.push_back(static_cast<std::uint32_t>(edges.children.size()));
  }
  if (!weighted) edges.weights = {};
  return edges;
}

// Numbers what was found around `parents` nodes of one kind and adds the edges; a relation may
// reach several kinds.
void AddEdges(std::vector<NeighbourBlock> blocks, NodeKind parent_kind, std::size_t parents,
              NodeNumbers* numbers, PortfolioGraph* graph) {
  const auto of_blocks = NumbersOf(blocks, parents, numbers);
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    std::array<bool, 10> reached{};
    for (const graph::Neighbour& neighbour : blocks[b].found) {
      reached[neighbour.node.kind_number()] = true;
    }
    for (const NodeKind child_kind : graph::kAllNodeKinds) {
      if (!reached[Index(child_kind)]) continue;
      PortfolioEdges edges = EdgesTo(child_kind, blocks[b], of_blocks[b]);
      edges.parent_kind = parent_kind;
      edges.hop = parent_kind == NodeKind::kLoan ? 1 : 2;
      graph->relations.push_back(std::move(edges));
    }
    blocks[b] = {};  // the largest of all that is held here
  }
}

// Errors: kInternal (what every network would refuse).
Result<void> CheckWeights(const PortfolioGraph& graph) {
  for (const PortfolioEdges& edges : graph.relations) {
    for (const float weight : edges.weights) {
      if (!std::isfinite(weight)) {
        return Error{ErrorCode::kInternal, "an edge's weight is not finite"};
      }
    }
  }
  return {};
}

std::uint32_t OrderOf(const PortfolioEdges& edges) {
  return RelationOrder(edges.hop, edges.relation, edges.parent_kind, edges.child_kind);
}

// Errors: kInternal (a number that is not finite: every network would refuse the row).
Result<void> EncodeRows(const Source& source, NodeKind kind, std::span<const NodeId> nodes,
                        KindRows* rows) {
  const KindFeatures& features = source.encoder.schema().Of(kind);
  const std::size_t width = features.numeric_width();
  const std::size_t categories = features.categories.size();
  rows->rows = static_cast<std::uint32_t>(nodes.size());
  rows->numeric.resize(nodes.size() * width);
  rows->categories.resize(nodes.size() * categories);
  return InBlocks(nodes.size(), kBlock, source.workers, [&] {
    return [&, pool = PeerPool()](std::size_t begin, std::size_t end) mutable -> Result<void> {
      for (std::size_t i = begin; i < end; ++i) {
        float* numeric = rows->numeric.data() + i * width;
        RECOUP_TRY(source.encoder.EncodeNode(source.view, nodes[i], pool,
                                             {numeric, rows->categories.data() + i * categories}));
        if (!std::all_of(numeric, numeric + width, [](float x) { return std::isfinite(x); })) {
          return Error{ErrorCode::kInternal, "a node's features hold a number that is not finite"};
        }
      }
      return {};
    };
  });
}

}  // namespace

Result<PortfolioGraph> CollectPortfolio(const graph::GraphView& view, const Encoder& encoder,
                                        const graph::SamplingOptions& sampling,
                                        std::span<const NodeId> loans, const Workers& workers) {
  const Source source{view, encoder, workers};
  PortfolioGraph graph;
  graph.seeds = static_cast<std::uint32_t>(loans.size());
  NodeNumbers numbers;
  for (const NodeId loan : loans) numbers.NumberOf(loan);
  RECOUP_ASSIGN(std::vector<NeighbourBlock> around,
                AskAround(source, NodeKind::kLoan, loans, false, sampling.first_hop_limit));
  AddEdges(std::move(around), NodeKind::kLoan, loans.size(), &numbers, &graph);
  for (const NodeKind kind : graph::kAllNodeKinds) {
    graph.Of(kind).inner_rows = static_cast<std::uint32_t>(numbers.Of(Index(kind)).size());
  }
  for (const NodeKind kind : graph::kAllNodeKinds) {
    if (kind == NodeKind::kLoan) continue;  // no loan is a neighbour of a loan
    const std::vector<NodeId> inner(numbers.Of(Index(kind)).begin(),
                                    numbers.Of(Index(kind)).begin() + graph.Of(kind).inner_rows);
    RECOUP_ASSIGN(std::vector<NeighbourBlock> further,
                  AskAround(source, kind, inner, true, sampling.second_hop_limit));
    AddEdges(std::move(further), kind, inner.size(), &numbers, &graph);
  }
  RECOUP_TRY(CheckWeights(graph));
  std::sort(graph.relations.begin(), graph.relations.end(),
            [](const auto& a, const auto& b) { return OrderOf(a) < OrderOf(b); });
  for (const NodeKind kind : graph::kAllNodeKinds) {
    RECOUP_TRY(EncodeRows(source, kind, numbers.Of(Index(kind)), &graph.Of(kind)));
  }
  return graph;
}

}  // namespace recoup::model
