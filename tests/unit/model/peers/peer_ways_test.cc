#include "model/peers/peer_ways.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

using graph::EdgeKind;
using graph::GraphBuilder;
using graph::NodeKey;
using graph::NodeKind;

using Members = std::vector<GroupCatalog::Member>;

// Loans with lenders, borrowers who guarantee other loans, regions of two sorts and without any,
// and words. Some edges are removed again, and some loans are resolved.
GraphBuilder RandomGraph(unsigned seed) {
  std::mt19937 random(seed);
  GraphBuilder graph;
  const auto party = [&] { return NodeKey{NodeKind::kParty, "P" + std::to_string(random() % 12)}; };
  const std::vector<std::string> regions = {"state:A", "state:B", "zip:1", "zip:2", "plain"};
  for (int i = 0; i < 80; ++i) {
    const std::string id = "L" + std::to_string(i);
    const NodeKey loan{NodeKind::kLoan, id};
    const int day = 100 + i;
    graph.Node(NodeKind::kLoan, id, day, {{"size", 1.0}});
    graph.Edge(EdgeKind::kOriginatedBy, loan, party(), day);
    for (auto n = random() % 3; n > 0; --n) graph.Edge(EdgeKind::kBorrows, party(), loan, day);
    for (auto n = random() % 3; n > 0; --n) graph.Edge(EdgeKind::kGuarantees, party(), loan, day);
    const NodeKey region{NodeKind::kRegion, regions[random() % regions.size()]};
    graph.Edge(EdgeKind::kLocatedIn, loan, region, day);
    if (random() % 2 == 0) {
      graph.Edge(EdgeKind::kLocatedIn, party(), NodeKey{NodeKind::kRegion, regions[random() % 5]},
                 day);
    }
    if (random() % 2 == 0) graph.Outcome(id, 0.5, day, day + 20);
  }
  graph.Apply();
  return graph;
}

// By definition: every tie, found in the catalog, and then those of the relations asked for.
Members ByTies(const LoanBook& book, const graph::GraphView& view, graph::NodeId loan,
               const std::vector<std::uint32_t>& relations) {
  LoanTieReader reader(book.attributes);
  const auto ties = reader.Read(view, loan, view.Node(loan).value());
  REQUIRE(ties.has_value());
  Members members = book.catalog.Find(*ties);
  std::erase_if(members, [&](const GroupCatalog::Member& member) {
    return std::find(relations.begin(), relations.end(), member.relation) == relations.end();
  });
  return members;
}

TEST_CASE("The ways find the members that all ties lead to, of the relations asked for") {
  std::size_t found = 0;
  for (unsigned seed = 1; seed <= 6; ++seed) {
    const GraphBuilder graph = RandomGraph(seed);
    const LoanBook book = ReadLoanBook(graph.store()).value();
    REQUIRE(book.size() > 20);
    const auto count = static_cast<std::uint32_t>(book.catalog.relations().size());
    REQUIRE(count > 8);
    std::mt19937 random(seed);
    for (int round = 0; round < 8; ++round) {
      std::vector<std::uint32_t> relations = {GroupCatalog::kNone};
      for (std::uint32_t relation = 0; relation < count; ++relation) {
        if (round == 0 || random() % 3 == 0) relations.push_back(relation);
      }
      const PeerWays ways(book, relations);
      for (const int day : {120, 150, 190}) {
        const auto view = graph.View(day);
        const auto loans = view->Nodes(NodeKind::kLoan).value();
        for (const graph::NodeId loan : loans) {
          const auto members = ways.MembersOf(*view, loan, view->Node(loan).value());
          REQUIRE(members.has_value());
          REQUIRE(*members == ByTies(book, *view, loan, relations));
          found += members->size();
        }
      }
    }
  }
  CHECK(found > 10'000);
}

TEST_CASE("Words of group attributes are ways too") {
  GraphBuilder graph;
  LoanBook book;
  book.attributes = {{.id = 77,
                      .owner = NodeKind::kLoan,
                      .name = "vintage",
                      .type = graph::AttributeType::kCategory,
                      .role = graph::AttributeRole::kGroup}};
  book.members = book.catalog.Intern({{"group.vintage", {}, "1999", true}});
  book.member_ends = {0, 1};
  const PeerWays ways(book, std::vector<std::uint32_t>{0});
  graph.Node(NodeKind::kLoan, "L", 1, {});
  graph.Apply();
  const auto view = graph.View(2);
  graph::NodeRecord record = view->Node(graph.Loan("L")).value();
  const auto members = [&](graph::AttributeValue value) {
    record.attributes = {{77, std::move(value)}};
    return ways.MembersOf(*view, graph.Loan("L"), record).value();
  };
  CHECK(members(graph::Category{"1999"}) == book.members);
  CHECK(members(graph::Category{"2000"}).empty());
  CHECK(members(1.0).empty());
}

}  // namespace
}  // namespace recoup::model
