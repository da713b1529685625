#include <catch2/catch_test_macros.hpp>
#include <string>
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
  const auto examples = CollectExamples(graph.store()).value().examples;
  CHECK(examples == std::vector<Example>{{graph.Loan("b"), Date(30), Date(35), 0.2},
                                         {graph.Loan("a"), Date(20), Date(40), 0.1},
                                         {graph.Loan("c"), Date(20), Date(40), 0.3}});
}

TEST_CASE("A loan that was not yet known on its valuation date is no example") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "late", 50);
  graph.Node(NodeKind::kLoan, "same_day", 50);
  graph.Outcome("late", 0.5, 49, 60);
  graph.Outcome("same_day", 0.5, 50, 60);
  graph.Apply();
  const auto collected = CollectExamples(graph.store()).value();
  REQUIRE(collected.examples.size() == 1);
  CHECK(collected.examples[0].loan == graph.Loan("same_day"));
  CHECK(collected.not_shown == 1);
}

void Remove(GraphBuilder& graph, const std::string& loan, int known_at) {
  graph.Add(graph::NodeFact{{NodeKind::kLoan, loan},
                            graph::FactOperation::kRemove,
                            {},
                            {Date(known_at), Date(known_at)}});
}

TEST_CASE("A loan that was removed after its outcome stays an example") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "gone", 10);
  const auto loan = [&] { return graph.View(11)->Find({NodeKind::kLoan, "gone"}).value(); };
  graph.Outcome("gone", 0.0, 20, 40);
  Remove(graph, "gone", 60);
  graph.Apply();
  CHECK(CollectExamples(graph.store()).value().examples ==
        std::vector<Example>{{loan(), Date(20), Date(40), 0.0}});
}

TEST_CASE("A loan that was removed on its valuation date and restored later is no example") {
  GraphBuilder graph;
  for (const char* id : {"gap", "whole"}) {
    graph.Node(NodeKind::kLoan, id, 10, {{"score", 1.0}});
    graph.Outcome(id, 0.5, 30, 60);
  }
  Remove(graph, "gap", 20);
  graph.Node(NodeKind::kLoan, "gap", 40);
  graph.Apply();
  const auto collected = CollectExamples(graph.store()).value();
  REQUIRE(collected.examples.size() == 1);
  CHECK(collected.examples[0].loan == graph.Loan("whole"));
  CHECK(collected.not_shown == 1);
  CHECK(FitFeatureSchema(graph.store(), collected.examples, {}).has_value());
}

TEST_CASE("An outcome that was known on its valuation date is left out, and counted") {
  GraphBuilder graph;
  for (const char* id : {"at_once", "next_day"}) graph.Node(NodeKind::kLoan, id, 10);
  graph.Outcome("at_once", 0.5, 30, 30);
  graph.Outcome("next_day", 0.5, 30, 31);
  graph.Apply();
  const auto collected = CollectExamples(graph.store()).value();
  REQUIRE(collected.examples.size() == 1);
  CHECK(collected.examples[0].loan == graph.Loan("next_day"));
  CHECK(collected.known_at_once == 1);
}

TEST_CASE("With a lag every loan is valued so many days before its outcome was known") {
  GraphBuilder graph;
  for (const char* id : {"a", "b", "young"}) {
    graph.Node(NodeKind::kLoan, id, std::string(id) == "young" ? 51 : 10);
  }
  graph.Outcome("a", 0.1, 20, 40);
  graph.Outcome("b", 0.2, 70, 80);
  graph.Outcome("young", 0.3, 55, 80);  // not yet known on day 50
  graph.Apply();
  const auto collected = CollectExamples(graph.store(), {.lag_days = 30}).value();
  CHECK(collected.examples == std::vector<Example>{{graph.Loan("a"), Date(10), Date(40), 0.1},
                                                   {graph.Loan("b"), Date(50), Date(80), 0.2}});
  CHECK(collected.not_shown == 1);
  CHECK(collected.known_at_once == 0);
}

TEST_CASE("With a lag of no days no outcome counts as known at once") {
  GraphBuilder graph;
  for (const char* id : {"at_once", "later"}) graph.Node(NodeKind::kLoan, id, 10);
  graph.Outcome("at_once", 0.5, 30, 30);
  graph.Outcome("later", 0.6, 20, 40);
  graph.Apply();
  const auto collected = CollectExamples(graph.store(), {.lag_days = 0}).value();
  CHECK(collected.examples == std::vector<Example>{{graph.Loan("at_once"), Date(30), Date(30), 0.5},
                                                   {graph.Loan("later"), Date(40), Date(40), 0.6}});
  CHECK(collected.known_at_once == 0);
}

}  // namespace
}  // namespace recoup::model
