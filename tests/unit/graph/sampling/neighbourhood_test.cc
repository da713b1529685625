#include "graph/sampling/neighbourhood.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/unit/graph/sampling/graph_builder.h"
#include "tests/unit/graph/sampling/random_facts.h"

namespace recoup::graph {
namespace {

const NodeKey kLoan{NodeKind::kLoan, "valued"};
const NodeKey kOther{NodeKind::kLoan, "other"};
const NodeKey kBorrower{NodeKind::kParty, "borrower"};
const NodeKey kOwner{NodeKind::kParty, "owner"};
const NodeKey kHouse{NodeKind::kCollateral, "house"};

constexpr Relation kBorrowsIn{EdgeKind::kBorrows, Direction::kIn};
constexpr Relation kBorrowsOut{EdgeKind::kBorrows, Direction::kOut};
constexpr Relation kOwnsIn{EdgeKind::kOwns, Direction::kIn};
constexpr Relation kOwnsOut{EdgeKind::kOwns, Direction::kOut};
constexpr Relation kSecuresIn{EdgeKind::kSecures, Direction::kIn};

Neighbourhood Sample(const GraphBuilder& graph, int day, const SamplingOptions& options = {}) {
  return SampleNeighbourhood(*graph.View(day), graph.Loan("valued"), options).value();
}

TEST_CASE("Nodes are numbered by hop, parent and relation, with the share of an owner") {
  GraphBuilder graph;
  graph.Edge(EdgeKind::kSecures, kHouse, kLoan, 10);
  graph.Edge(EdgeKind::kBorrows, kBorrower, kLoan, 10);
  graph.Edge(EdgeKind::kOwns, kOwner, kBorrower, 10, {{"share", 0.25}});
  graph.Edge(EdgeKind::kOwns, kOwner, kHouse, 10);
  graph.Apply();
  const Neighbourhood around = Sample(graph, 10);
  const NodeId owner = graph.Id(NodeKind::kParty, "owner");
  CHECK(around.nodes == std::vector{graph.Loan("valued"), graph.Id(NodeKind::kParty, "borrower"),
                                    graph.Id(NodeKind::kCollateral, "house"), owner, owner});
  CHECK(around.hop_ends == std::vector<std::uint32_t>{1, 3, 5});
  CHECK(around.edges == std::vector<NeighbourhoodEdge>{{kBorrowsIn, 0, 1, 1.0F},
                                                       {kSecuresIn, 0, 2, 1.0F},
                                                       {kOwnsIn, 1, 3, 0.25F},
                                                       {kOwnsIn, 2, 4, 1.0F}});
}

TEST_CASE("Only peers resolved before the day are sampled, and never the loan itself") {
  GraphBuilder graph;
  for (const NodeKey& loan : {kLoan, kOther, NodeKey{NodeKind::kLoan, "open"}}) {
    graph.Edge(EdgeKind::kBorrows, kBorrower, loan, 1);
  }
  graph.Outcome("valued", 0.9, 5, 20);
  graph.Outcome("other", 0.1, 5, 30);
  graph.Apply();
  CHECK(Sample(graph, 30).nodes.size() == 2);
  const Neighbourhood around = Sample(graph, 31);
  REQUIRE(around.nodes.size() == 3);
  CHECK(around.nodes[2] == graph.Loan("other"));
  CHECK(around.edges[1] == NeighbourhoodEdge{kBorrowsOut, 1, 2, 1.0F});
}

TEST_CASE("The loan among the newest peers costs none of the wanted places") {
  GraphBuilder graph;
  for (const NodeKey& loan : {kLoan, kOther}) graph.Edge(EdgeKind::kBorrows, kBorrower, loan, 1);
  graph.Outcome("valued", 0.9, 5, 20);
  graph.Outcome("other", 0.1, 5, 10);
  graph.Apply();
  const Neighbourhood around = Sample(graph, 40, {1, 1});
  REQUIRE(around.nodes.size() == 3);
  CHECK(around.nodes[2] == graph.Loan("other"));
}

// A store from before shares were checked: every share that it shows is this one.
class OldShares final : public GraphView {
 public:
  OldShares(const GraphView& view, double share) : view_(view), share_(share) {}

  Date as_of() const override { return view_.as_of(); }
  std::uint64_t epoch() const override { return view_.epoch(); }
  Result<NodeId> Find(const NodeKey& key) const override { return view_.Find(key); }
  Result<NodeRecord> Node(NodeId id) const override { return view_.Node(id); }
  Result<CsrBlock> Neighbours(std::span<const NodeId> seeds, Relation relation,
                              std::size_t limit) const override {
    return view_.Neighbours(seeds, relation, limit);
  }
  Result<std::vector<EdgeRecord>> Edges(NodeId id, Relation relation,
                                        std::size_t limit) const override {
    auto edges = view_.Edges(id, relation, limit);
    if (!edges) return edges;
    for (EdgeRecord& edge : *edges) edge.attributes = {{attribute::kOwnsShare, share_}};
    return edges;
  }
  Result<std::optional<Outcome>> OutcomeOf(NodeId loan) const override {
    return view_.OutcomeOf(loan);
  }
  Result<std::vector<ResolvedPeer>> ResolvedPeers(NodeId entity, Relation relation,
                                                  std::size_t limit) const override {
    return view_.ResolvedPeers(entity, relation, limit);
  }
  Result<std::vector<NodeId>> Nodes(NodeKind kind) const override { return view_.Nodes(kind); }
  std::vector<AttributeDefinition> Attributes() const override { return view_.Attributes(); }

 private:
  const GraphView& view_;
  double share_;
};

TEST_CASE("A stored share that is no fraction weighs nothing or the whole") {
  GraphBuilder graph;
  graph.Edge(EdgeKind::kBorrows, kBorrower, kLoan, 10);
  graph.Edge(EdgeKind::kOwns, kOwner, kBorrower, 10);
  graph.Apply();
  const auto view = graph.View(40);
  const auto weight = [&](double share) {
    const OldShares old(*view, share);
    return SampleNeighbourhood(old, graph.Loan("valued"), {}).value().edges.at(1).weight;
  };
  CHECK(weight(25.0) == 1.0F);
  CHECK(weight(-0.5) == 0.0F);
  CHECK(weight(0.5) == 0.5F);
}

TEST_CASE("Limits keep the newest neighbours") {
  GraphBuilder graph;
  for (int i = 0; i < 5; ++i) {
    graph.Edge(EdgeKind::kBorrows, {NodeKind::kParty, "p" + std::to_string(i)}, kLoan, 10 + i);
  }
  for (int i = 0; i < 5; ++i) {
    graph.Edge(EdgeKind::kOwns, {NodeKind::kParty, "p4"},
               {NodeKind::kCollateral, "c" + std::to_string(i)}, 10 + i,
               {{"share", 0.1 * static_cast<double>(i)}});
  }
  graph.Apply();
  const Neighbourhood around = Sample(graph, 99, {2, 1});
  REQUIRE(around.nodes.size() == 4);
  CHECK(around.nodes[1] == graph.Id(NodeKind::kParty, "p4"));
  CHECK(around.nodes[2] == graph.Id(NodeKind::kParty, "p3"));
  CHECK(around.nodes[3] == graph.Id(NodeKind::kCollateral, "c4"));
  CHECK(around.edges[2] == NeighbourhoodEdge{kOwnsOut, 1, 3, 0.4F});
}

TEST_CASE("A loan is found alone before anything else is known of it, and not before it is known") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "valued", 10);
  graph.Edge(EdgeKind::kBorrows, kBorrower, kLoan, 20);
  graph.Apply();
  const Neighbourhood around = Sample(graph, 19);
  CHECK(around.nodes.size() == 1);
  CHECK(around.hop_ends == std::vector<std::uint32_t>{1, 1, 1});
  CHECK(around.edges.empty());
  const auto early = SampleNeighbourhood(*graph.View(9), graph.Loan("valued"), {});
  REQUIRE_FALSE(early.has_value());
  CHECK(early.error().code == ErrorCode::kNotFound);
}

// What the header promises of every neighbourhood.
void CheckShape(const GraphView& view, const Neighbourhood& around) {
  REQUIRE(around.hop_ends.size() == 3);
  REQUIRE(around.hop_ends[0] == 1);
  REQUIRE(around.hop_ends[2] == around.nodes.size());
  REQUIRE(around.edges.size() + 1 == around.nodes.size());
  for (std::size_t i = 0; i < around.edges.size(); ++i) {
    const NeighbourhoodEdge& edge = around.edges[i];
    REQUIRE(edge.child == i + 1);
    REQUIRE((edge.child < around.hop_ends[1]
                 ? edge.parent == 0
                 : edge.parent >= 1 && edge.parent < around.hop_ends[1]));
    REQUIRE(around.nodes[edge.child] != around.nodes[0]);
    if (i > 0) {
      const NeighbourhoodEdge& last = around.edges[i - 1];
      REQUIRE((last.parent < edge.parent ||
               (last.parent == edge.parent && last.relation <= edge.relation)));
    }
    if (KindOf(around.nodes[edge.child]) == NodeKind::kLoan) {
      const auto outcome = view.OutcomeOf(around.nodes[edge.child]).value();
      REQUIRE(outcome.has_value());
    }
  }
}

TEST_CASE("A neighbourhood is whole within the most nodes it may have, and refused beyond") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    RandomFacts random(seed);
    GraphBuilder graph;
    for (int i = 0; i < 1500; ++i) graph.Add(random.Draw(100, 900));
    graph.Apply();
    const auto view = graph.View(700);
    const std::vector<NodeId> loans = view->Nodes(NodeKind::kLoan).value();
    for (const NodeId loan : loans) {
      const Neighbourhood whole = SampleNeighbourhood(*view, loan, {50, 50}).value();
      const std::size_t nodes = whole.nodes.size();
      CHECK(SampleNeighbourhood(*view, loan, {50, 50}, nodes).value() == whole);
      const auto refused = SampleNeighbourhood(*view, loan, {50, 50}, nodes - 1);
      REQUIRE_FALSE(refused.has_value());
      CHECK(refused.error().code == ErrorCode::kResourceExhausted);
    }
  }
}

TEST_CASE("Every neighbourhood of a random graph has the promised shape, twice the same") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    RandomFacts random(seed);
    GraphBuilder graph;
    for (int i = 0; i < 1500; ++i) graph.Add(random.Draw(100, 900));
    graph.Apply();
    const auto view = graph.View(700);
    std::size_t largest = 0;
    const std::vector<NodeId> loans = view->Nodes(NodeKind::kLoan).value();
    for (const NodeId loan : loans) {
      const Neighbourhood around = SampleNeighbourhood(*view, loan, {5, 3}).value();
      CheckShape(*view, around);
      CHECK(around == SampleNeighbourhood(*view, loan, {5, 3}).value());
      largest = std::max(largest, around.nodes.size());
    }
    CHECK(largest > 50);
  }
}

}  // namespace
}  // namespace recoup::graph
