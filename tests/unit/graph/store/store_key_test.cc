#include "graph/store/store_key.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace recoup::graph {
namespace {

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

}  // namespace
}  // namespace recoup::graph
