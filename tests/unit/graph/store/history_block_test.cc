#include "graph/store/history_block.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>

#include "graph/store/store_key.h"

namespace recoup::graph {
namespace {

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
