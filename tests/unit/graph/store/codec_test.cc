// Records as bytes: what goes in comes out, and damage is noticed.
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <map>
#include <random>
#include <string>

#include "graph/store/byte_codec.h"
#include "graph/store/entry_codec.h"
#include "graph/store/fact_codec.h"
#include "graph/store/history_block.h"
#include "graph/store/record.h"
#include "graph/store/store_key.h"
#include "tests/unit/graph/store/random_batches.h"

namespace recoup::graph {
namespace {

TEST_CASE("Varints come back, at every width") {
  for (int shift = 0; shift < 64; ++shift) {
    for (const std::uint64_t value : {std::uint64_t{1} << shift, (std::uint64_t{1} << shift) - 1}) {
      std::string bytes;
      ByteWriter writer(&bytes);
      writer.Varint(value);
      writer.Signed(static_cast<std::int64_t>(value));
      writer.Signed(-static_cast<std::int64_t>(value >> 1));
      ByteReader reader(bytes);
      REQUIRE(reader.Varint() == value);
      REQUIRE(reader.Signed() == static_cast<std::int64_t>(value));
      REQUIRE(reader.Signed() == -static_cast<std::int64_t>(value >> 1));
      REQUIRE((reader.ok() && reader.AtEnd()));
    }
  }
}

TEST_CASE("A varint of more than 64 bits is refused") {
  CHECK_FALSE([] {
    ByteReader reader(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10));
    reader.Varint();
    return reader.ok();
  }());
}

TEST_CASE("Batches come back from their bytes") {
  RandomBatches random(3, {});
  for (int i = 0; i < 50; ++i) {
    FactBatch batch = random.Next();
    batch.declarations = {
        {0, EdgeKind::kPays, "channel", AttributeType::kCategory, AttributeRole::kForbidden}};
    std::get<NodeFact>(batch.facts.emplace_back(NodeFact{})).attributes = {
        {"balance", Money(-12345, *Currency::Parse("JPY"))}, {"net", Money(1, Currency())}};
    const auto decoded = DecodeBatch(EncodeBatch(batch));
    REQUIRE(decoded.has_value());
    REQUIRE(*decoded == batch);
  }
}

TEST_CASE("A batch cut short anywhere is refused") {
  RandomBatches random(4, {});
  const std::string bytes = EncodeBatch(random.Next());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded = DecodeBatch(std::string_view(bytes).substr(0, size));
    REQUIRE_FALSE(decoded.has_value());
    REQUIRE(decoded.error().code == ErrorCode::kDataLoss);
  }
}

TEST_CASE("A record with any bit changed, or under another key, is refused") {
  const std::string record = Seal("key", "some bytes of a record");
  CHECK(*Unseal("key", record) == "some bytes of a record");
  CHECK_FALSE(Unseal("yek", record).has_value());
  for (std::size_t bit = 0; bit < 8 * record.size(); ++bit) {
    std::string damaged = record;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    REQUIRE_FALSE(Unseal("key", damaged).has_value());
  }
}

TEST_CASE("Block keys sort the newest first") {
  const HistoryName name = VersionsOf(NodeId(1, 5));
  std::string last;
  for (const EntryOrder order :
       {EntryOrder{Date::Max(), 1}, EntryOrder{Date(10), 9}, EntryOrder{Date(10), 8},
        EntryOrder{Date(0), 8}, EntryOrder{Date(-1), 99}, kOldestBlock}) {
    const std::string key = BlockKey(name, order);
    CHECK(key > last);
    CHECK(OldestOf(key) == order);
    last = key;
  }
}

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

TEST_CASE("Entries put in any order stay findable through every split") {
  std::mt19937 random(11);
  std::map<EntryOrder, HistoryBlock, std::greater<>> blocks;
  blocks.emplace(kOldestBlock, HistoryBlock(kOldestBlock));
  std::map<EntryOrder, std::string> entries;
  for (int i = 1; i < 2000; ++i) {
    const EntryOrder order{Date(static_cast<int>(random() % 50)), static_cast<std::uint64_t>(i)};
    const std::string payload(random() % 30, static_cast<char>('a' + i % 26));
    HistoryBlock& block = blocks.lower_bound(order)->second;
    REQUIRE(block.Covers(order));
    block.Put(order, payload);
    entries[order] = payload;
    if (auto newer = block.SplitIfLarge(300)) blocks.emplace(newer->oldest(), *std::move(newer));
  }
  CHECK(blocks.size() > 50);
  std::size_t found = 0;
  for (const auto& [oldest, block] : blocks) {
    const std::string key = BlockKey(VersionsOf(NodeId(1, 0)), oldest);
    const auto decoded = HistoryBlock::Decode(key, block.Encode(key));
    REQUIRE(decoded.has_value());
    REQUIRE(decoded->newer() == block.newer());
    for (const HistoryBlock::Entry& entry : decoded->entries()) {
      REQUIRE(entries.at(entry.order) == entry.payload);
      REQUIRE(decoded->Covers(entry.order));
      ++found;
    }
  }
  CHECK(found == entries.size());
}

TEST_CASE("Facts in the order of time leave full blocks behind, in either direction") {
  for (const bool ascending : {true, false}) {
    std::map<EntryOrder, HistoryBlock, std::greater<>> blocks;
    blocks.emplace(kOldestBlock, HistoryBlock(kOldestBlock));
    for (int i = 0; i < 1000; ++i) {
      const EntryOrder order{Date(ascending ? i : -i), static_cast<std::uint64_t>(i) + 1};
      HistoryBlock& block = blocks.lower_bound(order)->second;
      block.Put(order, std::string(34, 'x'));
      if (auto newer = block.SplitIfLarge(400)) blocks.emplace(newer->oldest(), *std::move(newer));
    }
    // 40 bytes an entry, so ten fit.
    CHECK(blocks.size() <= 101);
  }
}

}  // namespace
}  // namespace recoup::graph
