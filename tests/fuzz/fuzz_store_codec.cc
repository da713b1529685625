// Feeds the store's decoders with bytes that no checksum has vouched for: batches of the facts log,
// blocks of histories with every kind of entry, and the records of the state.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "graph/store/entry_codec.h"
#include "graph/store/fact_codec.h"
#include "graph/store/history_block.h"
#include "graph/store/record.h"
#include "graph/store/store_key.h"
#include "graph/store/store_state.h"

namespace recoup::graph {
namespace {

// What decodes must come back from its own bytes. Bytes are compared, since a NaN equals nothing.
void TryBatch(std::string_view bytes) {
  const Result<FactBatch> batch = DecodeBatch(bytes);
  if (!batch) return;
  const std::string encoded = EncodeBatch(*batch);
  const Result<FactBatch> again = DecodeBatch(encoded);
  RECOUP_CHECK(again.has_value());
  RECOUP_CHECK(EncodeBatch(*again) == encoded);
  // Whatever the log holds was checked once; whatever it does not hold may still be asked about.
  static_cast<void>(CheckBatch(*batch).has_value());
}

void TryEntry(const HistoryBlock::Entry& entry) {
  const Result<StoredEntry> version = DecodeVersion(entry.payload);
  if (version) static_cast<void>(DecodeAttributes(version->attributes).has_value());
  const Result<StoredEntry> edge = DecodeEdge(entry.payload);
  if (edge) static_cast<void>(DecodeAttributes(edge->attributes).has_value());
  static_cast<void>(DecodeOutcome(NodeId(1, 0), entry.order, entry.payload).has_value());
  const Result<PeerEntry> peer = DecodePeer(entry.order, entry.payload);
  if (peer) RECOUP_CHECK(DecodePeer(PeerOrder(*peer), EncodePeer(*peer)).has_value());
}

void TryBlock(std::string_view bytes) {
  const std::string key = BlockKey(VersionsOf(NodeId(1, 0)), kOldestBlock);
  const Result<HistoryBlock> block = HistoryBlock::Decode(key, Seal(key, bytes));
  if (!block) return;
  for (const HistoryBlock::Entry& entry : block->entries()) TryEntry(entry);
  const Result<HistoryBlock> again = HistoryBlock::Decode(key, block->Encode(key));
  RECOUP_CHECK(again.has_value());
  RECOUP_CHECK(again->entries().size() == block->entries().size());
}

void TryState(std::string_view bytes) {
  StoreState state;
  static_cast<void>(DecodeNumbers(bytes, &state).has_value());
  const Result<CatalogChange> change = DecodeChange(bytes);
  if (change) RECOUP_CHECK(*DecodeChange(EncodeChange(*change)) == *change);
}

}  // namespace
}  // namespace recoup::graph

// The first byte says what the others are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      recoup::graph::TryBatch(bytes);
      break;
    case 1:
      recoup::graph::TryBlock(bytes);
      break;
    default:
      recoup::graph::TryState(bytes);
      break;
  }
  return 0;
}
