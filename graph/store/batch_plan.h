// A batch with its names resolved: what both stores write, so that both number alike.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "graph/schema/fact.h"
#include "graph/store/attribute_catalog.h"
#include "graph/store/graph_view.h"
#include "graph/types/node_id.h"

namespace recoup::graph {

/// What happens to a node or an edge in one entry of its history. Part of the stored format; never
/// renumber.
enum class EntryOperation : std::uint8_t {
  kUpsert = 1,
  kRemove = 2,
  kMention = 3,  // another fact names the node; it exists from then on, unless removed
};

/// Orders the entries of one history: a later known_at is newer, then a later fact.
struct EntryOrder {
  Date known_at;
  std::uint64_t sequence = 0;  // the fact's number in the store, from 1

  auto operator<=>(const EntryOrder&) const = default;
};

struct NodeEntry {
  NodeId node;
  EntryOperation operation = EntryOperation::kUpsert;
  EntryOrder order;
  Date effective_at;
  std::vector<StoredAttribute> attributes;  // ascending by id
};

struct EdgeEntry {
  EdgeKind kind = EdgeKind::kBorrows;
  NodeId from;
  NodeId to;
  EntryOperation operation = EntryOperation::kUpsert;
  EntryOrder order;
  Date effective_at;
  std::vector<StoredAttribute> attributes;  // ascending by id
};

struct OutcomeEntry {
  NodeId loan;
  EntryOrder order;
  Date effective_at;
  double recovery_rate = 0.0;
  Date valuation_date;
};

/// Where a node stands in the directory of a store.
struct DirectoryEntry {
  NodeId id;
  Date first_known_at;
};

/// A node that the batch creates, or whose first_known_at it lowers.
struct DirectoryChange {
  NodeKey key;
  DirectoryEntry entry;
  bool created = false;
};

struct BatchPlan {
  std::uint64_t epoch = 0;
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
  std::vector<DirectoryChange> directory;  // created nodes in the order of their ids
  std::vector<NodeEntry> nodes;
  std::vector<EdgeEntry> edges;
  std::vector<OutcomeEntry> outcomes;
  Date latest_known_at = Date::Min();
};

/// Looks up what a store knows before the batch.
class NodeDirectory {
 public:
  virtual ~NodeDirectory() = default;
  /// Errors: kDataLoss, kUnavailable.
  virtual Result<std::optional<DirectoryEntry>> Lookup(const NodeKey& key) const = 0;
  virtual std::uint64_t Count(NodeKind kind) const = 0;
};

/// Where the store stands before the batch.
struct PlanBase {
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
};

/// Resolves a checked batch; adds new attributes to `catalog`, which the caller keeps only if the
/// batch is applied.
/// Errors: kInvalidArgument (an attribute has another type), those of Lookup.
Result<BatchPlan> PlanBatch(const FactBatch& batch, const PlanBase& base,
                            const NodeDirectory& directory, AttributeCatalog* catalog);

}  // namespace recoup::graph
