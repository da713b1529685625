// Compares both stores with the reference on random facts, at every day and at past epochs.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <map>
#include <memory>
#include <vector>

#include "tests/unit/graph/store/random_batches.h"
#include "tests/unit/graph/store/reference_graph.h"
#include "tests/unit/graph/store/tested_stores.h"

namespace recoup::graph {
namespace {

constexpr std::size_t kAll = 1'000'000;

/// Asks a view and the reference the same questions.
class Comparison {
 public:
  Comparison(const GraphView& view, const ReferenceGraph& reference, std::size_t facts)
      : view_(view), reference_(reference), facts_(facts) {
    std::map<NodeKind, std::uint64_t> counts;
    for (const NodeKey& key : reference.nodes()) {
      ids_[key] = NodeId(static_cast<std::uint8_t>(key.kind), counts[key.kind]++);
    }
    for (const AttributeDefinition& definition : view.Attributes()) {
      names_[definition.id] = definition.name;
    }
  }

  void CompareAll() {
    for (const NodeKey& key : reference_.nodes()) {
      CompareNode(key);
      if (key.kind == NodeKind::kLoan) CompareOutcome(key);
      for (const EdgeKind kind : kAllEdgeKinds) {
        for (const Direction direction : {Direction::kOut, Direction::kIn}) {
          CompareEdges(key, {kind, direction});
          ComparePeers(key, {kind, direction});
        }
      }
    }
    for (const NodeKind kind : kAllNodeKinds) CompareNodes(kind);
  }

 private:
  std::vector<NamedAttribute> Named(const std::vector<StoredAttribute>& attributes) const {
    std::vector<NamedAttribute> named;
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      if (i > 0 && attributes[i - 1].id >= attributes[i].id) FAIL("attributes are not ascending");
      named.push_back({names_.at(attributes[i].id), attributes[i].value});
    }
    std::sort(named.begin(), named.end(),
              [](const NamedAttribute& a, const NamedAttribute& b) { return a.name < b.name; });
    return named;
  }

  void CompareNode(const NodeKey& key) {
    const auto expected = reference_.Node(key, view_.as_of(), facts_);
    const Result<NodeRecord> node = view_.Node(ids_.at(key));
    const Result<NodeId> found = view_.Find(key);
    if (!expected.has_value()) {
      if (node.has_value() || node.error().code != ErrorCode::kNotFound)
        FAIL("Node shows too much");
      if (found.has_value() || found.error().code != ErrorCode::kNotFound) {
        FAIL("Find shows too much");
      }
      return;
    }
    if (!node.has_value() || !found.has_value()) FAIL("a node is missing");
    if (*found != ids_.at(key) || node->key != key ||
        node->first_known_at != expected->first_known_at ||
        Named(node->attributes) != expected->attributes) {
      FAIL("a node differs: " << key.external_id << " at " << view_.as_of().ToString());
    }
  }

  void CompareOutcome(const NodeKey& key) {
    const auto outcome = view_.OutcomeOf(ids_.at(key));
    if (!outcome.has_value()) FAIL(outcome.error().message);
    if (*outcome != reference_.OutcomeOf(key, view_.as_of(), facts_)) {
      FAIL("an outcome differs: " << key.external_id);
    }
  }

  void CompareEdges(const NodeKey& key, Relation relation) {
    const auto expected = reference_.Edges(key, relation, view_.as_of(), facts_);
    const auto edges = view_.Edges(ids_.at(key), relation, kAll);
    if (!edges.has_value()) FAIL(edges.error().message);
    bool same = edges->size() == expected.size();
    for (std::size_t i = 0; same && i < expected.size(); ++i) {
      same = (*edges)[i].neighbour == ids_.at(expected[i].neighbour) &&
             (*edges)[i].dates == expected[i].dates &&
             Named((*edges)[i].attributes) == expected[i].attributes;
    }
    if (!same) {
      FAIL("edges differ: " << key.external_id << " " << EdgeKindName(relation.kind) << " at "
                            << view_.as_of().ToString());
    }
    for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{3}, kAll}) {
      const NodeId seed = ids_.at(key);
      const auto block = view_.Neighbours({&seed, 1}, relation, limit);
      if (!block.has_value()) FAIL(block.error().message);
      const std::size_t size = std::min(limit, expected.size());
      same = block->offsets == std::vector<std::uint32_t>{0, static_cast<std::uint32_t>(size)} &&
             block->targets.size() == size;
      for (std::size_t i = 0; same && i < size; ++i) {
        same = block->targets[i] == ids_.at(expected[i].neighbour);
      }
      if (!same) FAIL("neighbours differ: " << key.external_id << " limit " << limit);
    }
  }

  void ComparePeers(const NodeKey& key, Relation relation) {
    std::vector<ResolvedPeer> expected;
    for (const ReferencePeer& peer :
         reference_.ResolvedPeers(key, relation, view_.as_of(), facts_)) {
      expected.push_back({ids_.at(peer.loan), peer.recovery_rate, peer.known_at});
    }
    std::sort(expected.begin(), expected.end(), [](const ResolvedPeer& a, const ResolvedPeer& b) {
      return std::pair(a.known_at, a.loan) > std::pair(b.known_at, b.loan);
    });
    for (const std::size_t limit : {kAll, std::size_t{2}}) {
      if (expected.size() > limit) expected.resize(limit);
      const auto peers = view_.ResolvedPeers(ids_.at(key), relation, limit);
      if (!peers.has_value()) FAIL(peers.error().message);
      if (*peers != expected) {
        FAIL("peers differ: " << key.external_id << " " << EdgeKindName(relation.kind) << " at "
                              << view_.as_of().ToString() << ": " << peers->size() << " for "
                              << expected.size());
      }
    }
  }

  void CompareNodes(NodeKind kind) {
    std::vector<NodeId> expected;
    for (const auto& [key, id] : ids_) {
      if (key.kind == kind && reference_.Node(key, view_.as_of(), facts_).has_value()) {
        expected.push_back(id);
      }
    }
    std::sort(expected.begin(), expected.end());
    const auto nodes = view_.Nodes(kind);
    if (!nodes.has_value()) FAIL(nodes.error().message);
    if (*nodes != expected) FAIL("the list of nodes differs: " << NodeKindName(kind));
  }

  const GraphView& view_;
  const ReferenceGraph& reference_;
  const std::size_t facts_;
  std::map<NodeKey, NodeId> ids_;
  std::map<AttributeId, std::string> names_;
};

void CompareStatistics(const GraphStore& store, const ReferenceGraph& reference) {
  const Result<StoreStatistics> statistics = store.Statistics();
  REQUIRE(statistics.has_value());
  CHECK(statistics->facts == reference.facts());
  CHECK(statistics->outcomes == reference.CountOutcomes());
  std::map<NodeKind, std::uint64_t> nodes;
  for (const NodeKey& key : reference.nodes()) ++nodes[key.kind];
  CHECK(statistics->nodes == nodes);
  for (const EdgeKind kind : kAllEdgeKinds) {
    const auto found = statistics->edges.find(kind);
    CHECK((found == statistics->edges.end() ? 0 : found->second) == reference.CountEdges(kind));
  }
}

TEST_CASE("A store answers random questions as the list of facts does", "[model]") {
  const StoreKind kind = GENERATE(StoreKind::kMemory, StoreKind::kRocks);
  const std::uint32_t seed = GENERATE(Catch::Generators::range(1U, 13U));
  CAPTURE(kind, seed);
  RandomBatchOptions options;
  // Few nodes and days make collisions; more of them make long lists.
  options.nodes_per_kind = seed % 2 == 0 ? 3 : 8;
  options.removal_share = seed % 3 == 0 ? 0.0 : 0.2;
  RandomBatches batches(seed, options);
  StoreUnderTest store(kind);
  ReferenceGraph reference;
  std::vector<std::pair<std::unique_ptr<const GraphView>, std::size_t>> old_views;
  for (int i = 0; i < 8; ++i) {
    const FactBatch batch = batches.Next();
    const Result<ApplyReceipt> receipt = store->Apply(batch);
    REQUIRE(receipt.has_value());
    reference.Apply(batch);
    CHECK(receipt->epoch == static_cast<std::uint64_t>(i) + 1);
    CHECK(receipt->facts_applied == batch.facts.size());
    old_views.emplace_back(store->ViewAsOf(Date(3 + 2 * (i % 4))), reference.facts());
  }
  for (const auto& [view, facts] : old_views) Comparison(*view, reference, facts).CompareAll();
  old_views.clear();
  CompareStatistics(*store, reference);
  if (seed % 2 == 0) store.Reopen();
  for (int day = -1; day <= options.days; ++day) {
    const auto view = store->ViewAsOf(Date(day));
    Comparison(*view, reference, reference.facts()).CompareAll();
  }
  CompareStatistics(*store, reference);
}

}  // namespace
}  // namespace recoup::graph
