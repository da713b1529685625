// The surroundings of a loan as a tree of rows, read from either form, so that both can be compared
// without their numbering.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/features/encoded_neighbourhood.h"
#include "model/features/portfolio_graph.h"
#include "model/features/relation_order.h"

namespace recoup::model::testing {

struct RowTree {
  std::uint32_t relation = 0;  // RelationOrder; 0 at the loan
  float weight = 1.0F;
  std::vector<float> numeric;
  std::vector<std::int32_t> categories;
  std::vector<RowTree> children;  // ascending by relation, then in the order of sampling

  bool operator==(const RowTree&) const = default;
};

/// Copies one row of a kind into a leaf.
inline RowTree LeafOf(const KindRows& rows, std::uint32_t row) {
  RowTree leaf;
  const std::size_t width = rows.numeric.size() / rows.rows;
  const std::size_t words = rows.categories.size() / rows.rows;
  const auto at = [row](auto& values, std::size_t columns) {
    return values.begin() + static_cast<std::ptrdiff_t>(row * columns);
  };
  leaf.numeric.assign(at(rows.numeric, width), at(rows.numeric, width) + width);
  leaf.categories.assign(at(rows.categories, words), at(rows.categories, words) + words);
  return leaf;
}

inline RowTree TreeOf(const EncodedNeighbourhood& from, graph::NodeKind kind, std::uint32_t row,
                      std::uint8_t hop) {
  RowTree tree = LeafOf(from.Of(kind), row);
  for (const RelationRows& edges : from.relations) {
    if (edges.hop != hop || edges.parent_kind != kind) continue;
    for (std::size_t i = 0; i < edges.parents.size(); ++i) {
      if (edges.parents[i] != row) continue;
      RowTree& child = tree.children.emplace_back(
          hop == 1 ? TreeOf(from, edges.child_kind, edges.children[i], 2)
                   : LeafOf(from.Of(edges.child_kind), edges.children[i]));
      child.relation = RelationOrder(edges);
      child.weight = edges.weights[i];
    }
  }
  return tree;
}

inline RowTree TreeOf(const PortfolioGraph& from, graph::NodeKind kind, std::uint32_t row,
                      std::uint8_t hop) {
  RowTree tree = LeafOf(from.Of(kind), row);
  for (const PortfolioEdges& edges : from.relations) {
    if (edges.hop != hop || edges.parent_kind != kind) continue;
    for (std::uint32_t i = edges.offsets[row]; i < edges.offsets[row + 1]; ++i) {
      RowTree& child = tree.children.emplace_back(
          hop == 1 ? TreeOf(from, edges.child_kind, edges.children[i], 2)
                   : LeafOf(from.Of(edges.child_kind), edges.children[i]));
      child.relation =
          RelationOrder(edges.hop, edges.relation, edges.parent_kind, edges.child_kind);
      child.weight = edges.weights.empty() ? 1.0F : edges.weights[i];
    }
  }
  return tree;
}

}  // namespace recoup::model::testing
