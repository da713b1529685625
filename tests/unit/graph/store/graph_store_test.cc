// The contract of a graph store, one promise after the other, for both stores.
#include "graph/store/graph_store.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/graph/store/tested_stores.h"

namespace recoup::graph {
namespace {

using Catch::Matchers::ContainsSubstring;

const NodeKey kLoan{NodeKind::kLoan, "L1"};
const NodeKey kParty{NodeKind::kParty, "P1"};
constexpr Relation kBorrowers{EdgeKind::kBorrows, Direction::kIn};
constexpr Relation kBorrowed{EdgeKind::kBorrows, Direction::kOut};

FactDates On(int day) { return {Date(day), Date(day)}; }

NodeFact Upsert(NodeKey node, int day, std::vector<NamedAttribute> attributes = {}) {
  return {std::move(node), FactOperation::kUpsert, std::move(attributes), On(day)};
}

NodeFact Remove(NodeKey node, int day) {
  return {std::move(node), FactOperation::kRemove, {}, On(day)};
}

EdgeFact Borrows(int day, std::vector<NamedAttribute> attributes = {}) {
  return {EdgeKind::kBorrows,    kParty, kLoan, FactOperation::kUpsert,
          std::move(attributes), On(day)};
}

OutcomeFact Recovered(double rate, int day) { return {kLoan, rate, Date(day - 1), On(day)}; }

FactBatch Batch(std::vector<Fact> facts) { return {"", 0, {}, std::move(facts)}; }

StoreKind AnyKind() { return GENERATE(StoreKind::kMemory, StoreKind::kRocks); }

void Apply(StoreUnderTest& store, std::vector<Fact> facts) {
  const auto receipt = store->Apply(Batch(std::move(facts)));
  INFO((receipt ? "" : receipt.error().message));
  REQUIRE(receipt.has_value());
}

// The numbers of an attribute as each day from 0 to 9 shows it; -1 where the node is not shown.
std::vector<double> Scores(StoreUnderTest& store, AttributeId id) {
  std::vector<double> scores;
  for (int day = 0; day < 10; ++day) {
    const auto node = store->ViewAsOf(Date(day))->Node(NodeId(1, 0));
    const AttributeValue* value = node ? node->Find(id) : nullptr;
    scores.push_back(!node ? -1.0 : value == nullptr ? 0.0 : std::get<double>(*value));
  }
  return scores;
}

TEST_CASE("An empty store knows nothing and says so") {
  StoreUnderTest store(AnyKind());
  const auto view = store->ViewAsOf(Date(0));
  CHECK(view->epoch() == 0);
  CHECK(view->Find(kLoan).error().code == ErrorCode::kNotFound);
  CHECK(view->Node(NodeId(1, 0)).error().code == ErrorCode::kNotFound);
  CHECK(view->Node(NodeId(0xffff'ffff'ffff'fffeULL)).error().code == ErrorCode::kNotFound);
  CHECK(view->Nodes(NodeKind::kLoan)->empty());
  CHECK(view->Attributes().size() == WellKnownAttributes().size());
  CHECK(store->Statistics()->latest_known_at == Date::Min());
}

TEST_CASE("A replayed source offset changes nothing") {
  StoreUnderTest store(AnyKind());
  FactBatch batch = Batch({Upsert(kLoan, 1)});
  batch.source = "tape.csv";
  batch.source_offset = 7;
  CHECK(store->Apply(batch)->facts_applied == 1);
  store.Reopen();
  for (const std::uint64_t offset : {7, 6, 0}) {
    batch.source_offset = offset;
    const auto receipt = store->Apply(batch);
    CHECK(receipt->facts_applied == 0);
    CHECK(receipt->epoch == 1);
  }
  CHECK(*store->AppliedOffset("tape.csv") == 7);
  CHECK(*store->AppliedOffset("other.csv") == std::nullopt);
  batch.source_offset = 8;
  CHECK(store->Apply(batch)->epoch == 2);
}

TEST_CASE("A note is kept beside the facts, and no epoch counts it") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Upsert(kLoan, 1)});
  CHECK(*store->Note("peers") == std::nullopt);
  REQUIRE(store->SetNote("peers", std::string_view("a\0b", 3)).has_value());
  REQUIRE(store->SetNote("other", "").has_value());
  REQUIRE(store->SetNote("peers", std::string_view("a\0c", 3)).has_value());
  CHECK(*store->Note("peers") == std::string("a\0c", 3));
  CHECK(*store->Note("other") == "");
  CHECK(store->Statistics()->epoch == 1);
  CHECK(store->Statistics()->facts == 1);
}

TEST_CASE("The log can be read from any epoch on") {
  StoreUnderTest store(AnyKind());
  for (int day = 1; day <= 4; ++day) Apply(store, {Upsert(kLoan, day)});
  store.Reopen();
  for (std::uint64_t after = 0; after <= 5; ++after) {
    std::vector<Date> days;
    const auto visit = [&days](const FactBatch& batch) -> Result<void> {
      days.push_back(std::get<NodeFact>(batch.facts.front()).dates.known_at);
      return {};
    };
    const auto replayed = store->Replay(visit, after);
    INFO("after " << after);
    // There is no epoch 5: whoever asks for what came after it has another store in mind.
    REQUIRE(replayed.has_value() == (after <= 4));
    if (after > 4) continue;
    REQUIRE(days.size() == 4 - after);
    if (!days.empty()) CHECK(days.front() == Date(static_cast<std::int32_t>(after) + 1));
  }
}

TEST_CASE("Batches without a source are never taken for replays") {
  StoreUnderTest store(AnyKind());
  CHECK(store->Apply(Batch({Upsert(kLoan, 1)}))->facts_applied == 1);
  CHECK(store->Apply(Batch({Upsert(kLoan, 1)}))->facts_applied == 1);
}

TEST_CASE("A batch with one bad fact changes nothing at all") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Upsert(kLoan, 1, {{"score", 1.0}})});
  const auto receipt = store->Apply(Batch(
      {Upsert(kParty, 1, {{"fresh", 2.0}}), Upsert(kLoan, 2, {{"score", Category{"high"}}})}));
  REQUIRE_FALSE(receipt.has_value());
  CHECK(receipt.error().code == ErrorCode::kInvalidArgument);
  CHECK_THAT(receipt.error().message, ContainsSubstring("fact 1: ") &&
                                          ContainsSubstring("loan.score") &&
                                          ContainsSubstring("is a number, not a category"));
  CHECK(store->Statistics()->epoch == 1);
  CHECK(store->Statistics()->nodes.count(NodeKind::kParty) == 0);
  CHECK(store->ViewAsOf(Date(9))->Attributes().size() == WellKnownAttributes().size() + 1);
}

TEST_CASE("Undeclared names become features in the order of appearance, texts become labels") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Upsert(kLoan, 1, {{"zeta", 1.0}, {"alpha", std::string("free text")}}),
                Borrows(1, {{"zeta", Date(5)}})});
  store.Reopen();
  const std::vector<AttributeDefinition> all = store->ViewAsOf(Date(1))->Attributes();
  const std::vector<AttributeDefinition> added(all.end() - 3, all.end());
  CHECK(added ==
        std::vector<AttributeDefinition>{
            {1000, NodeKind::kLoan, "zeta", AttributeType::kNumber, AttributeRole::kFeature},
            {1001, NodeKind::kLoan, "alpha", AttributeType::kText, AttributeRole::kLabel},
            {1002, EdgeKind::kBorrows, "zeta", AttributeType::kDate, AttributeRole::kFeature}});
}

TEST_CASE("A later declaration changes a role for later views alone") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Upsert(kLoan, 1, {{"score", 1.0}})});
  const auto before = store->ViewAsOf(Date(9));
  FactBatch batch = Batch({});
  batch.declarations = {
      {0, NodeKind::kLoan, "score", AttributeType::kNumber, AttributeRole::kForbidden}};
  REQUIRE(store->Apply(batch).has_value());
  CHECK(before->Attributes().back().role == AttributeRole::kFeature);
  CHECK(store->ViewAsOf(Date(9))->Attributes().back().role == AttributeRole::kForbidden);
}

TEST_CASE("An open view does not see later batches") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Borrows(1), Recovered(0.25, 2)});
  const auto view = store->ViewAsOf(Date(9));
  Apply(store, {Upsert({NodeKind::kLoan, "L2"}, 1), Recovered(0.75, 3), Remove(kParty, 4)});
  CHECK(view->epoch() == 1);
  CHECK(view->Nodes(NodeKind::kLoan)->size() == 1);
  CHECK((*view->OutcomeOf(NodeId(1, 0)))->recovery_rate == 0.25);
  CHECK(view->ResolvedPeers(NodeId(2, 0), kBorrowed, 9)->at(0).recovery_rate == 0.25F);
  CHECK(view->Node(NodeId(2, 0)).has_value());
}

TEST_CASE("A fact that arrives late takes the place of its date") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Upsert(kLoan, 6, {{"score", 6.0}})});
  Apply(store, {Upsert(kLoan, 2, {{"score", 2.0}})});
  Apply(store, {Upsert(kLoan, 4, {{"score", 4.0}})});
  CHECK(Scores(store, 1000) == std::vector<double>{-1, -1, 2, 2, 4, 4, 6, 6, 6, 6});
  CHECK(store->ViewAsOf(Date(9))->Node(NodeId(1, 0))->first_known_at == Date(2));
}

TEST_CASE("A removed node comes back without what it said before") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Upsert(kLoan, 1, {{"score", 1.0}}), Remove(kLoan, 3), Upsert(kLoan, 5),
                Upsert(kLoan, 7, {{"score", 7.0}})});
  CHECK(Scores(store, 1000) == std::vector<double>{-1, 1, 1, -1, -1, 0, 0, 7, 7, 7});
}

TEST_CASE("Of several facts on one day the last one applied wins") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Upsert(kLoan, 1, {{"score", 1.0}}), Upsert(kLoan, 1, {{"score", 2.0}})});
  Apply(store, {Upsert(kLoan, 1, {{"score", 3.0}})});
  CHECK(Scores(store, 1000)[1] == 3.0);
}

TEST_CASE("An edge shows its newest values, merged one by one, from both ends") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Borrows(1, {{"weight", 1.0}, {"basis", Category{"old"}}})});
  Apply(store, {Borrows(3, {{"weight", 3.0}})});
  const auto view = store->ViewAsOf(Date(3));
  for (const auto& [id, relation] :
       {std::pair(NodeId(1, 0), kBorrowers), std::pair(NodeId(2, 0), kBorrowed)}) {
    const auto edges = view->Edges(id, relation, 10);
    REQUIRE(edges->size() == 1);
    CHECK(edges->at(0).dates == On(3));
    CHECK(edges->at(0).attributes ==
          std::vector<StoredAttribute>{{1000, 3.0}, {1001, Category{"old"}}});
  }
  CHECK(store->Statistics()->edges.at(EdgeKind::kBorrows) == 1);
}

TEST_CASE("An outcome shows on its day, and to its peers from the next day on") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Borrows(1), Recovered(0.5, 4)});
  CHECK_FALSE(store->ViewAsOf(Date(3))->OutcomeOf(NodeId(1, 0))->has_value());
  CHECK(store->ViewAsOf(Date(4))->OutcomeOf(NodeId(1, 0))->has_value());
  CHECK(store->ViewAsOf(Date(4))->ResolvedPeers(NodeId(2, 0), kBorrowed, 9)->empty());
  CHECK(store->ViewAsOf(Date(5))->ResolvedPeers(NodeId(2, 0), kBorrowed, 9)->size() == 1);
}

TEST_CASE("A removed node has no edges and is nobody's neighbour") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Borrows(1), Recovered(0.5, 2)});
  Apply(store, {Remove(kLoan, 5)});
  const NodeId party(2, 0);
  const NodeId loan(1, 0);
  CHECK(store->ViewAsOf(Date(4))->Neighbours({&party, 1}, kBorrowed, 9)->targets.size() == 1);
  const auto view = store->ViewAsOf(Date(5));
  CHECK(view->Neighbours({&party, 1}, kBorrowed, 9)->targets.empty());
  CHECK(view->Neighbours({&loan, 1}, kBorrowers, 9)->targets.empty());
  CHECK(view->ResolvedPeers(party, kBorrowed, 9)->empty());
}

TEST_CASE("A copy in memory has the same ids, epochs and facts") {
  StoreUnderTest store(AnyKind());
  Apply(store, {Borrows(1), Upsert({NodeKind::kLoan, "L2"}, 2)});
  Apply(store, {Recovered(0.5, 2)});
  const auto copy = CopyToMemory(*store);
  REQUIRE(copy.has_value());
  const auto mine = store->ViewAsOf(Date(9));
  const auto theirs = (*copy)->ViewAsOf(Date(9));
  CHECK(theirs->epoch() == mine->epoch());
  CHECK(*theirs->Nodes(NodeKind::kLoan) == *mine->Nodes(NodeKind::kLoan));
  CHECK(*theirs->Find({NodeKind::kLoan, "L2"}) == *mine->Find({NodeKind::kLoan, "L2"}));
  CHECK(*theirs->Node(NodeId(1, 0)) == *mine->Node(NodeId(1, 0)));
}

TEST_CASE("Readers see whole batches while a writer adds more") {
  StoreUnderTest store(AnyKind());
  constexpr int kBatches = 60;
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  const auto read = [&] {
    const NodeId region(6, 0);
    while (!done) {
      const auto view = store->ViewAsOf(Date(100));
      // Each batch adds two loans in the region.
      const std::size_t expected = 2 * view->epoch();
      const auto loans = view->Nodes(NodeKind::kLoan);
      const auto block =
          view->Neighbours({&region, 1}, {EdgeKind::kLocatedIn, Direction::kIn}, 999);
      if (!loans || !block || loans->size() != expected || block->targets.size() != expected)
        ++torn;
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (int i = 0; i < kBatches; ++i) {
    std::vector<Fact> facts;
    for (const char* name : {"a", "b"}) {
      facts.emplace_back(EdgeFact{EdgeKind::kLocatedIn,
                                  {NodeKind::kLoan, name + std::to_string(i)},
                                  {NodeKind::kRegion, "R"},
                                  FactOperation::kUpsert,
                                  {},
                                  On(kBatches - i)});
    }
    Apply(store, std::move(facts));
  }
  done = true;
  first.join();
  second.join();
  CHECK(torn == 0);
}

}  // namespace
}  // namespace recoup::graph
