#include "graph/sampling/neighbour_block.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::graph {
namespace {

constexpr Relation kOwners{EdgeKind::kOwns, Direction::kIn};
constexpr Relation kLoans{EdgeKind::kBorrows, Direction::kOut};

TEST_CASE("Neighbours come node by node, the newest first, with the share that is owned") {
  GraphBuilder graph;
  const NodeKey firm{NodeKind::kParty, "firm"};
  graph.Edge(EdgeKind::kOwns, {NodeKind::kParty, "old"}, firm, 10, {{"share", 0.25}});
  graph.Edge(EdgeKind::kOwns, {NodeKind::kParty, "new"}, firm, 20, {{"share", 0.75}});
  graph.Node(NodeKind::kParty, "alone", 10);
  graph.Apply();
  const auto view = graph.View(100);
  const auto party = [&](const char* id) { return graph.Id(NodeKind::kParty, id); };
  NeighbourBlock block;
  block.relation = kOwners;
  const std::vector<NodeId> nodes = {party("alone"), party("firm")};
  REQUIRE(FindNeighbours(*view, nodes, 5, &block).has_value());
  CHECK(block.offsets == std::vector<std::uint32_t>{0, 0, 2});
  CHECK(block.found == std::vector<Neighbour>{{party("new"), 0.75F}, {party("old"), 0.25F}});
}

TEST_CASE("The seed is left out of the peers without taking another's place") {
  GraphBuilder graph;
  const NodeKey debtor{NodeKind::kParty, "debtor"};
  for (const char* loan : {"a", "b", "c"}) {
    graph.Edge(EdgeKind::kBorrows, debtor, {NodeKind::kLoan, loan}, 10);
    graph.Outcome(loan, 0.5, 20, 20 + loan[0] - 'a');
  }
  graph.Apply();
  const auto view = graph.View(100);
  const std::vector<NodeId> nodes = {graph.Id(NodeKind::kParty, "debtor")};
  NeighbourBlock block;
  block.relation = kLoans;
  REQUIRE(FindResolvedPeers(*view, nodes, graph.Loan("c"), 2, &block).has_value());
  CHECK(block.found == std::vector<Neighbour>{{graph.Loan("b")}, {graph.Loan("a")}});
  // A second question is added; nobody is left out of it.
  REQUIRE(FindResolvedPeers(*view, nodes, NodeId(), 2, &block).has_value());
  CHECK(block.offsets == std::vector<std::uint32_t>{0, 2, 4});
  CHECK(block.found.back() == Neighbour{graph.Loan("b")});
}

}  // namespace
}  // namespace recoup::graph
