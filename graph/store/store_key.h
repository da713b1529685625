// The keys of the store on disk, and which column family each belongs to.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "graph/schema/edge_kind.h"
#include "graph/schema/fact.h"
#include "graph/store/batch_plan.h"
#include "graph/types/node_id.h"

namespace recoup::graph {

/// Part of the stored format by name; the numbers are not.
enum class Family : std::uint8_t { kFact, kNode, kAdjacency, kExternalId, kOutcome, kMeta };
inline constexpr std::array<std::string_view, 6> kFamilyNames = {
    "fact", "node", "adjacency", "external_id", "outcome", "meta"};

/// Names one history: the dated entries of a node, of an adjacency, of a loan's outcomes or of an
/// entity's resolved peers.
struct HistoryName {
  Family family = Family::kNode;
  NodeId node;
  std::uint16_t relation = 0;  // adjacency only: RelationNumber, plus kPeerRelations for peers

  bool operator==(const HistoryName&) const = default;
};
/// Part of the stored format; never renumber.
inline constexpr std::uint16_t kPeerRelations = 0x8000;

struct HistoryNameHash {
  std::size_t operator()(const HistoryName& name) const;
};

HistoryName VersionsOf(NodeId node);
HistoryName EdgesOf(NodeId node, Relation relation);
HistoryName PeersOf(NodeId entity, Relation relation);
HistoryName OutcomesOf(NodeId loan);

/// The key of the history's oldest block: every history has one.
inline constexpr EntryOrder kOldestBlock = {Date::Min(), 0};

/// Returns what the keys of all blocks of this history start with.
std::string HistoryPrefix(const HistoryName& name);

/// Returns the key of the block whose entries are `oldest` or newer. Newer blocks sort first.
std::string BlockKey(const HistoryName& name, EntryOrder oldest);

/// Appends 12 bytes that sort newest first.
void AppendInverted(EntryOrder order, std::string* key);

/// Reads the last 12 bytes of a block's key. REQUIRES: at least 12 bytes.
EntryOrder OldestOf(std::string_view block_key);

std::string FactKey(std::uint64_t epoch);
std::string ExternalIdKey(const NodeKey& key);
std::string SourceKey(std::string_view source);
std::string AttributeKey(std::uint64_t number);
std::string RemovedKey(NodeId node);
std::string NoteKey(std::string_view name);

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kStateKey = "state";
inline constexpr std::string_view kSourcePrefix = "source/";
inline constexpr std::string_view kAttributePrefix = "attribute/";
inline constexpr std::string_view kRemovedPrefix = "removed/";
inline constexpr std::string_view kNotePrefix = "note/";

}  // namespace recoup::graph
