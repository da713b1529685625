#include "graph/store/store_state.h"

#include <map>

#include "graph/store/byte_codec.h"
#include "graph/store/value_codec.h"

namespace recoup::graph {
namespace {

constexpr std::uint8_t kEdgeOwner = 0x80;

template <typename Kind>
void WriteCounts(const std::map<Kind, std::uint64_t>& counts, ByteWriter* out) {
  out->Varint(counts.size());
  for (const auto& [kind, count] : counts) {
    out->Byte(static_cast<std::uint8_t>(kind));
    out->Varint(count);
  }
}

template <typename Kind>
void ReadCounts(ByteReader* in, std::map<Kind, std::uint64_t>* counts) {
  const std::uint64_t size = in->Varint();
  for (std::uint64_t i = 0; i < size && in->ok(); ++i) {
    const auto kind = static_cast<Kind>(in->Byte());
    (*counts)[kind] = in->Varint();
  }
}

}  // namespace

std::string EncodeNumbers(const StoreState& state) {
  std::string bytes;
  ByteWriter writer(&bytes);
  writer.Varint(state.statistics.epoch);
  writer.Varint(state.last_sequence);
  writer.Varint(state.statistics.facts);
  WriteCounts(state.statistics.nodes, &writer);
  WriteCounts(state.statistics.edges, &writer);
  writer.Varint(state.statistics.outcomes);
  WriteDay(state.statistics.latest_known_at, &writer);
  return bytes;
}

Result<void> DecodeNumbers(std::string_view bytes, StoreState* state) {
  ByteReader reader(bytes);
  state->statistics.epoch = reader.Varint();
  state->last_sequence = reader.Varint();
  state->statistics.facts = reader.Varint();
  ReadCounts(&reader, &state->statistics.nodes);
  ReadCounts(&reader, &state->statistics.edges);
  state->statistics.outcomes = reader.Varint();
  state->statistics.latest_known_at = ReadDay(&reader);
  if (reader.ok() && reader.AtEnd()) return {};
  return Error{ErrorCode::kDataLoss, "the store's state does not decode"};
}

std::string EncodeChange(const CatalogChange& change) {
  const AttributeDefinition& definition = change.definition;
  const auto* node = std::get_if<NodeKind>(&definition.owner);
  std::string bytes;
  ByteWriter writer(&bytes);
  writer.Varint(change.epoch);
  writer.Varint(definition.id);
  writer.Byte(node != nullptr ? static_cast<std::uint8_t>(*node)
                              : static_cast<std::uint8_t>(
                                    kEdgeOwner | static_cast<std::uint8_t>(
                                                     std::get<EdgeKind>(definition.owner))));
  writer.String(definition.name);
  writer.Byte(static_cast<std::uint8_t>(definition.type));
  writer.Byte(static_cast<std::uint8_t>(definition.role));
  return bytes;
}

Result<CatalogChange> DecodeChange(std::string_view bytes) {
  ByteReader reader(bytes);
  CatalogChange change;
  change.epoch = reader.Varint();
  const std::uint64_t id = reader.Varint();
  change.definition.id = static_cast<AttributeId>(id);
  const std::uint8_t owner = reader.Byte();
  if ((owner & kEdgeOwner) != 0) {
    change.definition.owner = static_cast<EdgeKind>(owner & ~kEdgeOwner);
  } else {
    change.definition.owner = static_cast<NodeKind>(owner);
  }
  change.definition.name = reader.String();
  change.definition.type = static_cast<AttributeType>(reader.Byte());
  change.definition.role = static_cast<AttributeRole>(reader.Byte());
  if (reader.ok() && reader.AtEnd() && (owner & ~kEdgeOwner) < 32 && id <= 0xffff) return change;
  return Error{ErrorCode::kDataLoss, "an attribute of the store's catalog does not decode"};
}

}  // namespace recoup::graph
