// The store's contract, written down as plainly as possible: every answer is computed anew from the
// list of facts. Slow, and the judge of both stores.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "graph/schema/fact.h"
#include "graph/store/graph_view.h"

namespace recoup::graph {

struct ReferenceEdge {
  NodeKey neighbour;
  FactDates dates;
  std::vector<NamedAttribute> attributes;  // ascending by name
};

struct ReferenceNode {
  Date first_known_at;
  std::vector<NamedAttribute> attributes;  // ascending by name
};

struct ReferencePeer {
  NodeKey loan;
  float recovery_rate = 0.0F;
  Date known_at;
};

/// Holds facts in the order in which they were applied.
class ReferenceGraph {
 public:
  void Apply(const FactBatch& batch);

  /// Every node ever named, in the order of its ids within its kind.
  const std::vector<NodeKey>& nodes() const { return nodes_; }
  std::size_t facts() const { return facts_.size(); }

  /// These answer as of a day, from the first `facts` facts alone.
  std::optional<ReferenceNode> Node(const NodeKey& key, Date day, std::size_t facts) const;
  std::vector<ReferenceEdge> Edges(const NodeKey& key, Relation relation, Date day,
                                   std::size_t facts) const;
  std::optional<Outcome> OutcomeOf(const NodeKey& loan, Date last_day, std::size_t facts) const;
  /// Not yet in the contract's order of ties, which is by id.
  std::vector<ReferencePeer> ResolvedPeers(const NodeKey& entity, Relation relation, Date day,
                                           std::size_t facts) const;
  std::size_t CountEdges(EdgeKind kind) const;
  std::size_t CountOutcomes() const;

 private:
  void Name(const NodeKey& key);

  std::vector<Fact> facts_;
  std::vector<NodeKey> nodes_;
  std::set<NodeKey> named_;
};

}  // namespace recoup::graph
