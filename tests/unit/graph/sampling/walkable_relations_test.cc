#include "graph/sampling/walkable_relations.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <iterator>
#include <vector>

namespace recoup::graph {
namespace {

TEST_CASE("A court is reached by hearings from loans and proceedings and lies in a region") {
  const auto relations = RelationsFrom(NodeKind::kCourt);
  REQUIRE(relations.size() == 2);
  CHECK(relations[0] == WalkableRelation{{EdgeKind::kHeardAt, Direction::kIn}, true});
  CHECK(relations[1] == WalkableRelation{{EdgeKind::kLocatedIn, Direction::kOut}, false});
}

TEST_CASE("A relation between nodes of one kind is walked both ways") {
  const auto relations = RelationsFrom(NodeKind::kParty);
  const auto controls = std::count_if(relations.begin(), relations.end(), [](const auto& w) {
    return w.relation.kind == EdgeKind::kControls;
  });
  CHECK(controls == 2);
}

TEST_CASE("Relations ascend, and those to loans are the ones marked so") {
  for (const NodeKind kind : kAllNodeKinds) {
    const auto all = RelationsFrom(kind);
    CHECK(std::is_sorted(all.begin(), all.end(),
                         [](const auto& a, const auto& b) { return a.relation < b.relation; }));
    std::vector<WalkableRelation> marked;
    std::copy_if(all.begin(), all.end(), std::back_inserter(marked),
                 [](const WalkableRelation& walkable) { return walkable.reaches_loans; });
    const auto to_loans = RelationsToLoans(kind);
    CHECK(std::equal(marked.begin(), marked.end(), to_loans.begin(), to_loans.end()));
  }
}

TEST_CASE("No relation joins two loans") { CHECK(RelationsToLoans(NodeKind::kLoan).empty()); }

}  // namespace
}  // namespace recoup::graph
