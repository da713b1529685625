// Read access to the loan graph as it was known at the end of one day.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/schema/edge_kind.h"
#include "graph/schema/fact.h"
#include "graph/schema/node_kind.h"
#include "graph/types/date.h"
#include "graph/types/node_id.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Neighbours of several seeds in one block.
/// Shape: offsets[seeds + 1], targets[offsets.back()]; those of seed i are
/// targets[offsets[i] .. offsets[i + 1]), newest known_at first, ties by descending sequence.
struct CsrBlock {
  std::vector<std::uint32_t> offsets;
  std::vector<NodeId> targets;
};

struct StoredAttribute {
  AttributeId id = 0;
  AttributeValue value;

  bool operator==(const StoredAttribute&) const = default;
};

/// One node as a view shows it.
struct NodeRecord {
  NodeKey key;
  /// known_at of the first fact that mentions the node.
  Date first_known_at;
  /// Ascending by id; for each the newest version that the view may see.
  std::vector<StoredAttribute> attributes;

  /// Returns the value of this attribute, or nothing.
  const AttributeValue* Find(AttributeId id) const;
  bool operator==(const NodeRecord&) const = default;
};

/// One edge as seen from one of its ends.
struct EdgeRecord {
  NodeId neighbour;
  FactDates dates;
  std::vector<StoredAttribute> attributes;  // ascending by id

  bool operator==(const EdgeRecord&) const = default;
};

struct Outcome {
  double recovery_rate = 0.0;  // in [0, 1]
  Date valuation_date;
  Date known_at;

  bool operator==(const Outcome&) const = default;
};

/// A loan whose outcome is known, seen from an entity that it hangs on.
struct ResolvedPeer {
  NodeId loan;
  float recovery_rate = 0.0F;  // in [0, 1]
  Date known_at;               // of the outcome

  bool operator==(const ResolvedPeer&) const = default;
};

/// Shows the graph as it was known at the end of one day and as of one epoch; facts learnt later
/// are invisible, and so are batches applied later.
/// Threads: share freely. Lifetime: must not outlive the GraphStore that opened it.
class GraphView {
 public:
  virtual ~GraphView() = default;

  virtual Date as_of() const = 0;
  /// The number of batches that the store had applied when the view was opened.
  virtual std::uint64_t epoch() const = 0;

  /// Errors: kNotFound (no such node is known by this day).
  virtual Result<NodeId> Find(const NodeKey& key) const = 0;

  /// Errors: kNotFound (unknown, not yet known, or removed), kDataLoss (a stored record is
  /// damaged).
  virtual Result<NodeRecord> Node(NodeId id) const = 0;

  /// Returns up to `limit` neighbours of each seed. A seed without such edges has none.
  /// Errors: kDataLoss (a stored record is damaged).
  virtual Result<CsrBlock> Neighbours(std::span<const NodeId> seeds, Relation relation,
                                      std::size_t limit) const = 0;

  /// Returns up to `limit` edges of one node with their attributes, newest first.
  /// Errors: kDataLoss.
  virtual Result<std::vector<EdgeRecord>> Edges(NodeId id, Relation relation,
                                                std::size_t limit) const = 0;

  /// Returns the outcome of a loan, if it is known by this day.
  /// Errors: kDataLoss.
  virtual Result<std::optional<Outcome>> OutcomeOf(NodeId loan) const = 0;

  /// Returns up to `limit` loans joined to `entity` by `relation` (as walked from the entity)
  /// whose outcome was known strictly before this day, newest outcome first, ties by descending
  /// loan id. An edge that is not yet known or has been removed joins nothing.
  /// Errors: kDataLoss.
  virtual Result<std::vector<ResolvedPeer>> ResolvedPeers(NodeId entity, Relation relation,
                                                          std::size_t limit) const = 0;

  /// Returns the ids of this kind that this view shows, ascending.
  /// Errors: kDataLoss.
  virtual Result<std::vector<NodeId>> Nodes(NodeKind kind) const = 0;

  /// Returns every attribute that the store knew at this epoch, ascending by id.
  virtual std::vector<AttributeDefinition> Attributes() const = 0;
};

}  // namespace recoup::graph
