// A loan's surroundings as numbers: the input of every network, in training and serving.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "graph/schema/edge_kind.h"
#include "graph/schema/node_kind.h"

namespace recoup::model {

/// Feature rows of all nodes of one kind.
/// Shape: numeric[rows * KindFeatures::numeric_width()], categories[rows * categories.size()], both
/// row-major. Rows of the inner nodes (the loans valued and their first hop) come first; for the
/// kind loan the first rows are the loans valued, in order.
struct KindRows {
  std::uint32_t rows = 0;
  std::uint32_t inner_rows = 0;
  std::vector<float> numeric;
  std::vector<std::int32_t> categories;

  bool operator==(const KindRows&) const = default;
};

/// All edges of one relation between two kinds at one hop. Messages flow from child to parent.
/// Shape: parents, children, weights have one entry an edge; parents are ascending; both are rows
/// of their kind. At hop 1 every parent is a valued loan, at hop 2 an inner node of the first hop.
struct RelationRows {
  graph::Relation relation;
  graph::NodeKind parent_kind = graph::NodeKind::kLoan;
  graph::NodeKind child_kind = graph::NodeKind::kLoan;
  std::uint8_t hop = 1;
  std::vector<std::uint32_t> parents;
  std::vector<std::uint32_t> children;
  std::vector<float> weights;

  bool operator==(const RelationRows&) const = default;
};

struct PeerAnswer;

/// One loan's neighbourhood, or several joined by Collate.
struct EncodedNeighbourhood {
  /// What resolved peers say of the loan (model/peers/peer_answer.h); null for models that ask none
  /// of them. Collate leaves it out.
  std::shared_ptr<const PeerAnswer> peers;

  /// Number of loans valued: 1, or more after Collate.
  std::uint32_t seeds = 1;
  std::array<KindRows, 10> kinds;       // by NodeKind number; 0 stays empty
  std::vector<RelationRows> relations;  // ascending by (hop, relation, parent kind, child kind)

  /// What else the network's head may look at, such as what other models forecast.
  /// Shape: [seeds * context width of the network], row-major; empty for most networks.
  std::vector<float> context;

  const KindRows& Of(graph::NodeKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
  KindRows& Of(graph::NodeKind kind) { return kinds[static_cast<std::size_t>(kind)]; }
  bool operator==(const EncodedNeighbourhood&) const = default;
};

/// Joins neighbourhoods into one, renumbering rows; keeps every order promised above.
EncodedNeighbourhood Collate(std::span<const EncodedNeighbourhood* const> parts);

}  // namespace recoup::model
