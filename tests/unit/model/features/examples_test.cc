#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "model/features/encoder.h"
#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

using graph::GraphBuilder;
using graph::NodeKind;

TEST_CASE("Examples ascend by the day on which their outcome was known, then by loan") {
  GraphBuilder graph;
  for (const char* id : {"a", "b", "c", "open"}) graph.Node(NodeKind::kLoan, id, 10);
  graph.Outcome("a", 0.1, 20, 40);
  graph.Outcome("b", 0.2, 30, 35);
  graph.Outcome("c", 0.3, 20, 40);
  graph.Apply();
  const auto examples = CollectExamples(*graph.View(40)).value();
  CHECK(examples == std::vector<Example>{{graph.Loan("b"), Date(30), Date(35), 0.2},
                                         {graph.Loan("a"), Date(20), Date(40), 0.1},
                                         {graph.Loan("c"), Date(20), Date(40), 0.3}});
  CHECK(CollectExamples(*graph.View(39)).value().size() == 1);
}

TEST_CASE("A loan that was not yet known on its valuation date is no example") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "late", 50);
  graph.Node(NodeKind::kLoan, "same_day", 50);
  graph.Outcome("late", 0.5, 49, 60);
  graph.Outcome("same_day", 0.5, 50, 60);
  graph.Apply();
  const auto examples = CollectExamples(*graph.View(100)).value();
  REQUIRE(examples.size() == 1);
  CHECK(examples[0].loan == graph.Loan("same_day"));
}

}  // namespace
}  // namespace recoup::model
