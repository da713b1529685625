#include "graph/store/store_key.h"

#include "graph/store/byte_codec.h"
#include "graph/store/relation_number.h"

namespace recoup::graph {
namespace {

constexpr std::uint32_t kSignBit = 0x8000'0000U;

std::string BigEndianKey(std::string_view prefix, std::uint64_t number) {
  std::string key(prefix);
  ByteWriter(&key).BigEndian(number, 8);
  return key;
}

}  // namespace

std::size_t HistoryNameHash::operator()(const HistoryName& name) const {
  const std::uint64_t list =
      (static_cast<std::uint64_t>(name.family) << 16) | static_cast<std::uint64_t>(name.relation);
  return std::hash<NodeId>()(name.node) ^ static_cast<std::size_t>(list * 0xff51'afd7'ed55'8ccdULL);
}

HistoryName VersionsOf(NodeId node) { return {Family::kNode, node, 0}; }
HistoryName EdgesOf(NodeId node, Relation relation) {
  return {Family::kAdjacency, node, RelationNumber(relation)};
}
HistoryName PeersOf(NodeId entity, Relation relation) {
  return {Family::kAdjacency, entity,
          static_cast<std::uint16_t>(RelationNumber(relation) | kPeerRelations)};
}
HistoryName OutcomesOf(NodeId loan) { return {Family::kOutcome, loan, 0}; }

std::string HistoryPrefix(const HistoryName& name) {
  std::string key;
  key.reserve(22);
  ByteWriter writer(&key);
  writer.BigEndian(name.node.value(), 8);
  if (name.family == Family::kAdjacency) writer.BigEndian(name.relation, 2);
  return key;
}

std::string BlockKey(const HistoryName& name, EntryOrder oldest) {
  std::string key = HistoryPrefix(name);
  AppendInverted(oldest, &key);
  return key;
}

void AppendInverted(EntryOrder order, std::string* key) {
  ByteWriter writer(key);
  // Flipping the sign bit makes the days sort as unsigned numbers; the complement turns them round.
  writer.BigEndian(~(static_cast<std::uint32_t>(order.known_at.days()) ^ kSignBit), 4);
  writer.BigEndian(~order.sequence, 8);
}

EntryOrder OldestOf(std::string_view block_key) {
  ByteReader reader(block_key.substr(block_key.size() - 12));
  const auto day = static_cast<std::uint32_t>(reader.BigEndian(4));
  const std::uint64_t sequence = reader.BigEndian(8);
  return {Date(static_cast<std::int32_t>(~day ^ kSignBit)), ~sequence};
}

std::string FactKey(std::uint64_t epoch) { return BigEndianKey("", epoch); }

std::string ExternalIdKey(const NodeKey& key) {
  return std::string(1, static_cast<char>(key.kind)) + key.external_id;
}

std::string SourceKey(std::string_view source) {
  return std::string(kSourcePrefix) + std::string(source);
}

std::string NoteKey(std::string_view name) { return std::string(kNotePrefix) + std::string(name); }

std::string AttributeKey(std::uint64_t number) { return BigEndianKey(kAttributePrefix, number); }
std::string RemovedKey(NodeId node) { return BigEndianKey(kRemovedPrefix, node.value()); }

}  // namespace recoup::graph
