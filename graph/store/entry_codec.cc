#include "graph/store/entry_codec.h"

#include <bit>
#include <utility>

#include "graph/store/byte_codec.h"
#include "graph/store/value_codec.h"

namespace recoup::graph {
namespace {

constexpr std::uint8_t kHasOlder = 0x80;

Error Damaged() {
  return {ErrorCode::kDataLoss, "an entry of the store does not decode; restore it from a backup"};
}

bool IsOperation(EntryOperation operation) {
  return operation >= EntryOperation::kUpsert && operation <= EntryOperation::kMention;
}

}  // namespace

std::string EncodeVersion(const NodeEntry& entry) {
  std::string payload;
  ByteWriter writer(&payload);
  writer.Byte(static_cast<std::uint8_t>(entry.operation));
  WriteDay(entry.effective_at, &writer);
  WriteAttributes(entry.attributes, &writer);
  return payload;
}

std::string EncodeEdge(const EdgeEntry& entry, NodeId neighbour) {
  std::string payload;
  ByteWriter writer(&payload);
  writer.Byte(static_cast<std::uint8_t>(entry.operation));
  writer.BigEndian(neighbour.value(), 8);
  WriteDay(entry.effective_at, &writer);
  WriteAttributes(entry.attributes, &writer);
  return payload;
}

std::string EncodeOutcome(const OutcomeEntry& entry) {
  std::string payload;
  ByteWriter writer(&payload);
  writer.Double(entry.recovery_rate);
  WriteDay(entry.valuation_date, &writer);
  WriteDay(entry.effective_at, &writer);
  return payload;
}

std::string EncodePeer(const PeerEntry& entry) {
  std::string payload;
  ByteWriter writer(&payload);
  writer.Byte(entry.contested ? 1 : 0);
  writer.BigEndian(std::bit_cast<std::uint32_t>(entry.recovery_rate), 4);
  WriteDay(entry.edge_known_at, &writer);
  writer.Varint(entry.sequence);
  return payload;
}

Result<StoredEntry> DecodeVersion(std::string_view payload) {
  ByteReader reader(payload);
  StoredEntry entry;
  entry.operation = static_cast<EntryOperation>(reader.Byte());
  entry.effective_at = ReadDay(&reader);
  entry.attributes = reader.rest();
  if (!reader.ok() || !IsOperation(entry.operation)) return Damaged();
  return entry;
}

Result<StoredEntry> DecodeEdge(std::string_view payload) {
  ByteReader reader(payload);
  StoredEntry entry;
  const std::uint8_t flags = reader.Byte();
  entry.has_older = (flags & kHasOlder) != 0;
  entry.operation = static_cast<EntryOperation>(flags & ~kHasOlder);
  entry.neighbour = NodeId(reader.BigEndian(8));
  entry.effective_at = ReadDay(&reader);
  entry.attributes = reader.rest();
  if (!reader.ok() || !IsOperation(entry.operation)) return Damaged();
  return entry;
}

Result<std::vector<StoredAttribute>> DecodeAttributes(std::string_view attributes) {
  ByteReader reader(attributes);
  std::vector<StoredAttribute> decoded = ReadAttributes(&reader);
  if (!reader.ok() || !reader.AtEnd()) return Damaged();
  return decoded;
}

Result<OutcomeEntry> DecodeOutcome(NodeId loan, EntryOrder order, std::string_view payload) {
  ByteReader reader(payload);
  OutcomeEntry entry;
  entry.loan = loan;
  entry.order = order;
  entry.recovery_rate = reader.Double();
  entry.valuation_date = ReadDay(&reader);
  entry.effective_at = ReadDay(&reader);
  if (!reader.ok() || !reader.AtEnd()) return Damaged();
  return entry;
}

Result<PeerEntry> DecodePeer(EntryOrder order, std::string_view payload) {
  ByteReader reader(payload);
  PeerEntry entry;
  entry.known_at = order.known_at;
  entry.loan = NodeId(order.sequence);
  entry.contested = reader.Byte() != 0;
  entry.recovery_rate = std::bit_cast<float>(static_cast<std::uint32_t>(reader.BigEndian(4)));
  entry.edge_known_at = ReadDay(&reader);
  entry.sequence = reader.Varint();
  if (!reader.ok() || !reader.AtEnd()) return Damaged();
  return entry;
}

std::string WithOlder(std::string payload) {
  if (!payload.empty()) {
    payload[0] = static_cast<char>(static_cast<std::uint8_t>(payload[0]) | kHasOlder);
  }
  return payload;
}

}  // namespace recoup::graph
