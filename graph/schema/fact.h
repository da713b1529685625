// Facts: the only way anything enters the graph.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/schema/edge_kind.h"
#include "graph/schema/node_kind.h"
#include "graph/types/date.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Names a node as the outside world does. The external id is 1 to 256 bytes of UTF-8 without
/// control characters.
struct NodeKey {
  NodeKind kind = NodeKind::kLoan;
  std::string external_id;

  auto operator<=>(const NodeKey&) const = default;
};

/// Part of the stored format and of the wire; never renumber.
enum class FactOperation : std::uint8_t {
  kUpsert = 1,
  kRemove = 2,  // ends validity from known_at on; history stays
};

/// When a fact is true in the world, and when we learnt it. A view shows it from known_at on.
struct FactDates {
  Date effective_at;
  Date known_at;

  auto operator<=>(const FactDates&) const = default;
};

struct NamedAttribute {
  std::string name;
  AttributeValue value;

  bool operator==(const NamedAttribute&) const = default;
};

/// Upserts a node and some of its attributes (the others stay as they were), or removes the node.
struct NodeFact {
  NodeKey node;
  FactOperation operation = FactOperation::kUpsert;
  std::vector<NamedAttribute> attributes;
  FactDates dates;

  bool operator==(const NodeFact&) const = default;
};

/// Upserts or removes the edge of this kind between two nodes; at most one such edge exists. Nodes
/// that do not exist yet are created without attributes.
struct EdgeFact {
  EdgeKind kind = EdgeKind::kBorrows;
  NodeKey from;
  NodeKey to;
  FactOperation operation = FactOperation::kUpsert;
  std::vector<NamedAttribute> attributes;
  FactDates dates;

  bool operator==(const EdgeFact&) const = default;
};

/// States what was finally recovered on a loan.
struct OutcomeFact {
  NodeKey loan;
  /// Unit: share of the exposure at default, in [0, 1].
  double recovery_rate = 0.0;
  /// The day as of which the loan would have been valued; inputs for training are read as of it.
  Date valuation_date;
  FactDates dates;

  bool operator==(const OutcomeFact&) const = default;
};

using Fact = std::variant<NodeFact, EdgeFact, OutcomeFact>;

/// Facts that become true together or not at all.
struct FactBatch {
  /// Where the facts come from, such as the tape's file name; empty means unnamed, never replayed.
  std::string source;
  /// Position within the source, ascending. A batch whose offset was already applied is skipped.
  std::uint64_t source_offset = 0;
  /// Roles of extension attributes; ids are ignored. Undeclared names become features of the type
  /// that they first appear with (text: label).
  std::vector<AttributeDefinition> declarations;
  std::vector<Fact> facts;

  bool operator==(const FactBatch&) const = default;
};

/// Checks what can be checked without a store: ids, endpoints, names and types of well-known
/// attributes, finite numbers, recovery rates in [0, 1], valuation_date <= known_at.
/// Errors: kInvalidArgument (names the fact's position and what is wrong with it).
Result<void> CheckBatch(const FactBatch& batch);

}  // namespace recoup::graph
