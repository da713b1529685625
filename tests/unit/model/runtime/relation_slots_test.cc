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

TEST_CASE("A key of any bytes finds only its own map") {
  RelationSlots slots;
  std::vector<RelationKey> maps;
  for (const RelationKey& key : AllRelations()) {
    slots.Set(key, maps.size());
    maps.push_back(key);
  }
  std::mt19937 random(3);
  std::size_t wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    for (const unsigned reach : {256U, 20U}) {  // any bytes, and some near those in use
      RelationKey key;
      key.relation.kind = static_cast<graph::EdgeKind>(random() % reach);
      key.relation.direction = static_cast<graph::Direction>(random() % (reach / 5));
      key.parent = static_cast<NodeKind>(random() % reach);
      key.child = static_cast<NodeKind>(random() % reach);
      const RelationKey* const found = slots.Find(key, maps);
      if (found == nullptr) continue;
      const bool inside = found >= maps.data() && found < maps.data() + maps.size();
      if (!inside || *found != key) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace recoup::model
