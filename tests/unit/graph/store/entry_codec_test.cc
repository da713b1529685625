#include "graph/store/entry_codec.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "graph/store/history_block.h"
#include "graph/store/store_key.h"

namespace recoup::graph {
namespace {

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char byte : bytes) {
    hex += kDigits[static_cast<std::uint8_t>(byte) >> 4];
    hex += kDigits[static_cast<std::uint8_t>(byte) & 15];
  }
  return hex;
}

std::string BlockOfOne(const HistoryName& name, std::string label, EntryOrder order,
                       std::string payload) {
  const std::string key = BlockKey(name, kOldestBlock);
  HistoryBlock block(kOldestBlock);
  block.set_label(std::move(label));
  block.Put(order, std::move(payload));
  return Hex(key) + " " + Hex(block.Encode(key));
}

// The example of docs/formats/store.md: stores in the field hold such bytes.
TEST_CASE("The bytes of the documented example stay as they are") {
  const Date known_at(19783);
  const Date effective_at(19782);
  const NodeId loan(1, 0);
  const NodeId party(2, 0);
  const Relation borrowed{EdgeKind::kBorrows, Direction::kOut};
  NodeEntry version{loan, EntryOperation::kUpsert, {known_at, 1}, effective_at, {}};
  version.attributes = {{1, Money(10000, *Currency::Parse("USD"))}, {1000, 0.5}};
  CHECK(BlockOfOne(VersionsOf(loan), "L1", version.order, EncodeVersion(version)) ==
        "0100000000000000ffffffffffffffffffffffff "
        "6c8ebbccbe5aa6fa00024c31018db5020118018cb502020105555344a09c01e807013fe0000000000000");
  const EdgeEntry edge{EdgeKind::kBorrows, party,        loan, EntryOperation::kUpsert,
                       {known_at, 2},      effective_at, {}};
  CHECK(BlockOfOne(EdgesOf(party, borrowed), "", edge.order, EncodeEdge(edge, loan)) ==
        "02000000000000000002ffffffffffffffffffffffff "
        "bef7ad183a5355940000018db502020d0101000000000000008cb50200");
  const PeerEntry peer{known_at, known_at, loan, 3, 0.5F, false};
  CHECK(BlockOfOne(PeersOf(party, borrowed), "", PeerOrder(peer), EncodePeer(peer)) ==
        "02000000000000008002ffffffffffffffffffffffff "
        "3cd70b37fecbcd0a0000018db50280808080808080800109003f0000008eb50203");
}

}  // namespace
}  // namespace recoup::graph
