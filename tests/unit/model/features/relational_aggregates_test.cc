#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "model/features/tabular.h"
#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using graph::EdgeKind;
using graph::GraphBuilder;
using graph::NodeKey;
using graph::NodeKind;

float At(const Table& table, std::size_t row, const std::string& column) {
  const auto found = std::find(table.columns.begin(), table.columns.end(), column);
  REQUIRE(found != table.columns.end());
  return table
      .values[row * table.columns.size() + static_cast<std::size_t>(found - table.columns.begin())];
}

// A bank with two resolved loans (0.2 on day 635, 0.6 on day 900), an industry with the second of
// them, and a third outcome elsewhere (1.0 on day 950). Valued on day 1000. Against what
// was known before: 0.2 is the first and no surprise, 0.6 lies 0.4 above 0.2.
GraphBuilder Bank() {
  GraphBuilder graph;
  const NodeKey bank{NodeKind::kParty, "bank"};
  for (const char* loan : {"valued", "old", "new", "later"}) {
    graph.Edge(EdgeKind::kOriginatedBy, {NodeKind::kLoan, loan}, bank, 10);
  }
  for (const char* loan : {"valued", "new"}) {
    graph.Edge(EdgeKind::kInIndustry, {NodeKind::kLoan, loan}, {NodeKind::kIndustry, "naics4:1"},
               10);
  }
  graph.Edge(EdgeKind::kLocatedIn, {NodeKind::kLoan, "valued"}, {NodeKind::kRegion, "zip:9"}, 10);
  graph.Edge(EdgeKind::kSecures, {NodeKind::kCollateral, "house"}, {NodeKind::kLoan, "lone"}, 10);
  graph.Outcome("old", 0.2, 100, 635);
  graph.Outcome("new", 0.6, 100, 900);
  graph.Outcome("lone", 1.0, 100, 950);
  graph.Outcome("later", 0.0, 100, 1000);
  graph.Outcome("valued", 0.9, 1000, 1200);
  graph.Apply();
  return graph;
}

std::vector<Example> Valued(const GraphBuilder& graph) {
  return {{graph.Loan("valued"), Date(1000), Date(1200), 0.9},
          {graph.Loan("lone"), Date(1000), Date(1200), 1.0}};
}

TEST_CASE("Aggregates are shrunken mean residuals of the peers known before the day") {
  const GraphBuilder graph = Bank();
  const Table table = RelationalAggregateTable(graph.store(), Valued(graph)).value();
  const std::string bank = "out.originated_by.party.";
  // 0 + 0.4 over 2 peers and 5 pseudo-peers
  CHECK(At(table, 0, bank + "residual_mean") == Approx(0.4 / 7.0));
  const double old_weight = std::exp2(-365.0 / 365.25);
  const double new_weight = std::exp2(-100.0 / 365.25);
  CHECK(At(table, 0, bank + "residual_mean_one_year") ==
        Approx(new_weight * 0.4 / (old_weight + new_weight + 5.0)));
  CHECK(At(table, 0, bank + "log_count") == Approx(std::log(3.0)));
}

TEST_CASE("Industries are told apart by their id's prefix; a path that a loan lacks is NaN") {
  const GraphBuilder graph = Bank();
  const Table table = RelationalAggregateTable(graph.store(), Valued(graph)).value();
  const std::string industry = "out.in_industry.industry.naics4.";
  CHECK(At(table, 0, industry + "residual_mean") == Approx(0.4 / 6.0));
  CHECK(At(table, 0, industry + "log_count") == Approx(std::log(2.0)));
  CHECK(std::isnan(At(table, 1, industry + "log_count")));
}

TEST_CASE("Paths on which nobody has a peer are left out, in a fixed order") {
  const GraphBuilder graph = Bank();
  const Table table = RelationalAggregateTable(graph.store(), Valued(graph)).value();
  REQUIRE(table.columns.size() == 6);
  CHECK(table.columns[0] == "out.in_industry.industry.naics4.residual_mean");
  CHECK(table.columns[3] == "out.originated_by.party.residual_mean");
  CHECK(table.rows() == 2);
}

TEST_CASE("A loan is never its own peer, even where its outcome is known before the day") {
  const GraphBuilder graph = Bank();
  std::vector<Example> examples = Valued(graph);
  examples[0] = {graph.Loan("new"), Date(1000), Date(1200), 0.6};
  const Table table = RelationalAggregateTable(graph.store(), examples).value();
  CHECK(At(table, 0, "out.originated_by.party.log_count") == Approx(std::log(2.0)));
}

}  // namespace
}  // namespace recoup::model
