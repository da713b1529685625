// The entries of histories as bytes: what a block's payloads hold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/store/batch_plan.h"
#include "graph/store/peer_entry.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// A node's or an edge's entry without its order; attributes only when asked for.
struct StoredEntry {
  EntryOperation operation = EntryOperation::kUpsert;
  bool has_older = false;  // edges: the list holds an older entry of the same edge
  NodeId neighbour;        // edges
  Date effective_at;
  std::string_view attributes;  // encoded
};

std::string EncodeVersion(const NodeEntry& entry);
std::string EncodeEdge(const EdgeEntry& entry, NodeId neighbour);
std::string EncodeOutcome(const OutcomeEntry& entry);
std::string EncodePeer(const PeerEntry& entry);

/// Each fails with kDataLoss where the bytes are no such entry.
Result<StoredEntry> DecodeVersion(std::string_view payload);
Result<StoredEntry> DecodeEdge(std::string_view payload);
Result<std::vector<StoredAttribute>> DecodeAttributes(std::string_view attributes);
Result<OutcomeEntry> DecodeOutcome(NodeId loan, EntryOrder order, std::string_view payload);
Result<PeerEntry> DecodePeer(EntryOrder order, std::string_view payload);

/// Returns an edge's payload with has_older set.
std::string WithOlder(std::string payload);

/// Orders an entity's peers: by known_at, then by loan.
inline EntryOrder PeerOrder(const PeerEntry& entry) { return {entry.known_at, entry.loan.value()}; }

}  // namespace recoup::graph
