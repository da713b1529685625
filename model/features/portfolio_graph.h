// The surroundings of many loans at once, every node in them once: the input of a pass that works
// layer by layer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/sampling/neighbourhood.h"
#include "graph/store/graph_view.h"
#include "graph/types/result.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/features/encoder.h"
#include "model/features/in_blocks.h"

namespace recoup::model {

/// All edges of one relation between two kinds at one hop, by parent.
/// Shape: the children of row p of the parent's kind are children[offsets[p] .. offsets[p + 1]), in
/// the order of sampling; weights has one entry an edge, or none where every weight is 1. At hop 1
/// the parents are the loans valued, at hop 2 the inner rows of the parent's kind.
struct PortfolioEdges {
  graph::Relation relation;
  graph::NodeKind parent_kind = graph::NodeKind::kLoan;
  graph::NodeKind child_kind = graph::NodeKind::kLoan;
  std::uint8_t hop = 1;
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint32_t> children;
  std::vector<float> weights;

  bool operator==(const PortfolioEdges&) const = default;
};

/// Rows as those of EncodedNeighbourhood, but each node has one, however many loans reach it. They
/// are numbered breadth first from the loans, so that what is read together lies together.
struct PortfolioGraph {
  std::uint32_t seeds = 0;         // the first rows of the kind loan are the loans valued, in order
  std::array<KindRows, 10> kinds;  // by NodeKind number; 0 stays empty
  std::vector<PortfolioEdges> relations;  // ascending by (hop, relation, parent kind, child kind)

  const KindRows& Of(graph::NodeKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
  KindRows& Of(graph::NodeKind kind) { return kinds[static_cast<std::size_t>(kind)]; }
  bool operator==(const PortfolioGraph&) const = default;
};

/// Samples the surroundings of `loans` as SampleNeighbourhood does for each, and encodes them.
///
/// Why one row a node is enough: what is sampled around a node, and what its row says, depends on
/// the node and the day. Only a loan whose outcome is known would change it: it is left out among
/// its own peers. Loans are never neighbours of loans, so a first-hop node is sampled as such from
/// wherever it is reached.
/// REQUIRES: distinct loans, none with an outcome known by the view's day (GraphView::OutcomeOf).
/// Errors: those of SampleNeighbourhood and Encoder::Encode, of any loan; kInternal (a row that no
/// network accepts), kCancelled (stopped).
Result<PortfolioGraph> CollectPortfolio(const graph::GraphView& view, const Encoder& encoder,
                                        const graph::SamplingOptions& sampling,
                                        std::span<const graph::NodeId> loans,
                                        const Workers& workers);

}  // namespace recoup::model
