#include "model/peers/loan_ties.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

using graph::Category;
using graph::EdgeKind;
using graph::GraphBuilder;
using graph::NodeKey;
using graph::NodeKind;
using Members = std::vector<GroupCatalog::Member>;

const graph::NodeId kAda(2, 1);
const graph::NodeId kBob(2, 2);

NodeKey Loan(const std::string& id) { return {NodeKind::kLoan, id}; }
NodeKey Party(const std::string& id) { return {NodeKind::kParty, id}; }

// A tie as text: relation, what it leads to, and whether it only listens.
std::vector<std::string> TiesOf(const GraphBuilder& graph, const std::string& loan, int day) {
  const auto view = graph.View(day);
  LoanTieReader reader(view->Attributes());
  const graph::NodeId id = graph.Loan(loan);
  const std::vector<LoanTie> ties = reader.Read(*view, id, view->Node(id).value()).value();
  std::vector<std::string> texts;
  for (const LoanTie& tie : ties) {
    const bool is_word = tie.entity == graph::NodeId();
    texts.push_back(tie.relation + " " +
                    (is_word ? tie.word : view->Node(tie.entity).value().key.external_id) +
                    (tie.speaks ? "" : " listens"));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

TEST_CASE("A loan is tied to what stands next to it, and to what parties beside it hang on") {
  GraphBuilder graph;
  graph.Edge(EdgeKind::kBorrows, Party("borrower"), Loan("a"), 10);
  graph.Edge(EdgeKind::kBorrows, Party("borrower"), Loan("other"), 10);  // a loan is no tie
  graph.Edge(EdgeKind::kOwns, Party("owner"), Party("borrower"), 10);
  graph.Edge(EdgeKind::kOwns, Party("grandparent"), Party("owner"), 10);  // three steps away
  graph.Edge(EdgeKind::kLocatedIn, Party("borrower"), {NodeKind::kRegion, "city:Ulm"}, 10);
  graph.Edge(EdgeKind::kLocatedIn, {NodeKind::kRegion, "city:Ulm"}, {NodeKind::kRegion, "land:BW"},
             10);  // beyond a region is anybody
  graph.Edge(EdgeKind::kOriginatedBy, Loan("a"), Party("bank"), 10);
  graph.Edge(EdgeKind::kOwns, Party("holding"), Party("bank"), 10);  // and beyond a lender too
  graph.Edge(EdgeKind::kHeardAt, Loan("a"), {NodeKind::kCourt, "court"}, 10);
  graph.Edge(EdgeKind::kLocatedIn, {NodeKind::kCourt, "court"}, {NodeKind::kRegion, "land:BY"}, 10);
  graph.Edge(EdgeKind::kInIndustry, Loan("a"), {NodeKind::kIndustry, "bakers"}, 10);
  graph.Edge(EdgeKind::kInvolvedIn, Loan("a"), {NodeKind::kProceeding, "case"}, 10);
  graph.Edge(EdgeKind::kHeardAt, {NodeKind::kProceeding, "case"}, {NodeKind::kCourt, "higher"}, 10);
  graph.Apply();
  CHECK(TiesOf(graph, "a", 10) ==
        std::vector<std::string>{
            "in.borrows.party borrower", "in.borrows.party/in.owns.party owner listens",
            "in.borrows.party/out.located_in.region.city city:Ulm", "out.heard_at.court court",
            "out.in_industry.industry bakers", "out.involved_in.proceeding case",
            "out.involved_in.proceeding/out.heard_at.court higher",
            "out.originated_by.party bank"});
}

TEST_CASE("A group is tied by its word, as an attribute of that role names it") {
  GraphBuilder graph;
  graph.Node(
      NodeKind::kLoan, "a", 10,
      {{"vintage", Category{"2007"}}, {"colour", Category{"red"}}, {"asset_class", Category{"x"}}});
  graph.Node(NodeKind::kLoan, "b", 10, {{"colour", Category{"red"}}});
  graph::FactBatch batch;
  batch.declarations = {{.owner = NodeKind::kLoan,
                         .name = "vintage",
                         .type = graph::AttributeType::kCategory,
                         .role = graph::AttributeRole::kGroup}};
  graph.Apply(batch);
  CHECK(TiesOf(graph, "a", 10) == std::vector<std::string>{"group.vintage 2007"});
  CHECK(TiesOf(graph, "b", 10).empty());
}

TEST_CASE("A relation leads to at most 64 entities, the newest") {
  GraphBuilder graph;
  for (int i = 0; i < 70; ++i) {
    graph.Edge(EdgeKind::kGuarantees, Party(std::to_string(i)), Loan("a"), 10 + i);
  }
  graph.Apply();
  const std::vector<std::string> ties = TiesOf(graph, "a", 78);  // 69 is learnt a day later
  CHECK(ties.size() == 64);
  CHECK(std::count(ties.begin(), ties.end(), "in.guarantees.party 4") == 0);
  CHECK(std::count(ties.begin(), ties.end(), "in.guarantees.party 5") == 1);
}

TEST_CASE("A party that two others lead to is tied once a way, and is one member") {
  GraphBuilder graph;
  for (const char* guarantor : {"g", "h"}) {
    graph.Edge(EdgeKind::kGuarantees, Party(guarantor), Loan("a"), 10);
    graph.Edge(EdgeKind::kOwns, Party("owner"), Party(guarantor), 10);
  }
  graph.Apply();
  const std::string way = "in.guarantees.party/in.owns.party owner listens";
  CHECK(TiesOf(graph, "a", 10) ==
        std::vector<std::string>{"in.guarantees.party g", "in.guarantees.party h", way, way});
  const LoanTie tie{"owner", kAda, {}, false};
  GroupCatalog catalog;
  CHECK(catalog.Intern({tie, tie}) == Members{{0, 0, false}});
  CHECK(catalog.Find({tie, tie}) == Members{{0, 0, false}});
}

TEST_CASE("Relations and groups are numbered as they are met, members ascend") {
  GroupCatalog catalog;
  CHECK(catalog.Intern({{"lender", kAda, {}, true}, {"owner", kBob, {}, false}}) ==
        Members{{0, 0, true}, {1, 1, false}});
  // Bob is one group, whichever relation leads to him; a word is one for each relation.
  CHECK(catalog.Intern({{"x", {}, "w", true}, {"lender", kBob, {}, true}, {"y", {}, "w", true}}) ==
        Members{{0, 1, true}, {2, 2, true}, {3, 3, true}});
  CHECK(catalog.Intern({{"x", {}, "", true}, {"x", {}, "", true}}) == Members{{2, 4, true}});
  CHECK(catalog.relations() == std::vector<std::string>{"lender", "owner", "x", "y"});
  CHECK(catalog.groups() == 5);
}

TEST_CASE("Finding gives the numbers of interning, and numbers nothing new") {
  GroupCatalog catalog;
  const std::vector<LoanTie> ties = {
      {"owner", kBob, {}, false}, {"group.x", {}, "w", true}, {"lender", kAda, {}, true}};
  const Members members = catalog.Intern(ties);
  CHECK(catalog.Find(ties) == members);
  CHECK(catalog
            .Find({{"lender", graph::NodeId(2, 9), {}, true},
                   {"group.x", {}, "v", true},
                   {"court", kAda, {}, true},
                   {"group.y", {}, "w", true}})
            .empty());
  CHECK(catalog.relations().size() == 3);
  CHECK(catalog.groups() == 3);
}

}  // namespace
}  // namespace recoup::model
