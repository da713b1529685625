#include "model/runtime/relation_slots.h"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <vector>

namespace recoup::model {
namespace {

using graph::NodeKind;

TEST_CASE("Every relation has a slot of its own") {
  RelationSlots slots;
  std::vector<RelationKey> maps;
  for (const RelationKey& key : AllRelations()) {
    CHECK(slots.Find(key, maps) == nullptr);
    slots.Set(key, maps.size());
    maps.push_back(key);
  }
  for (const RelationKey& key : AllRelations()) {
    const RelationKey* const found = slots.Find(key, maps);
    REQUIRE(found != nullptr);
    CHECK(*found == key);
  }
}

// Numbers beyond those of kinds and edges may share a slot with another key.
TEST_CASE("A key of any bytes is looked up safely, and one of known numbers finds only its own") {
  RelationSlots slots;
  std::vector<RelationKey> maps;
  for (const RelationKey& key : AllRelations()) {
    slots.Set(key, maps.size());
    maps.push_back(key);
  }
  std::mt19937 random(3);
  std::size_t wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    RelationKey key;
    key.relation.kind = static_cast<graph::EdgeKind>(random() % 256);
    key.relation.direction = static_cast<graph::Direction>(random() % 256);
    key.parent = static_cast<NodeKind>(random() % 256);
    key.child = static_cast<NodeKind>(random() % 256);
    const RelationKey* const found = slots.Find(key, maps);
    if (found != nullptr && (found < maps.data() || found >= maps.data() + maps.size())) ++wrong;
    key.relation.kind = static_cast<graph::EdgeKind>(random() % 16);
    key.relation.direction = static_cast<graph::Direction>(random() % 2);
    key.parent = static_cast<NodeKind>(random() % 10);
    key.child = static_cast<NodeKind>(random() % 10);
    const RelationKey* const own = slots.Find(key, maps);
    if (own != nullptr && *own != key) ++wrong;
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace recoup::model
