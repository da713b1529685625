#include "model/peers/ledger_entry.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "graph/schema/attribute.h"
#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

using graph::GraphBuilder;
using graph::NodeKind;

const graph::NodeKey kLoan{NodeKind::kLoan, "L1"};

// A store of one loan that is resolved on day 200, with this entry of its ledger.
GraphBuilder WithEntry(const LedgerEntry& entry) {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "L1", 10, {{"size", 3.0}});
  graph.Outcome("L1", 0.5, 100, 200);
  graph.Add(ToFact(entry, kLoan, Date(200)));
  graph.Apply();
  return graph;
}

std::optional<LedgerEntry> EntryOn(const GraphBuilder& graph, int day) {
  return ReadLedgerEntry(graph.View(day)->Node(graph.Loan("L1")).value());
}

TEST_CASE("An entry is read back from a store as it was written") {
  const GraphBuilder graph = WithEntry({0.1, "v7, learnt before 2009-01-01", {{0.7, 0.25, 1.0}}});
  const auto entry = EntryOn(graph, 200);
  REQUIRE(entry.has_value());
  CHECK(entry->expected == 0.1);
  CHECK(entry->expected_by == "v7, learnt before 2009-01-01");
  REQUIRE(entry->forecast.has_value());
  CHECK(entry->forecast->mean == 0.7);
  CHECK(entry->forecast->low == 0.25);
  CHECK(entry->forecast->high == 1.0);
}

TEST_CASE("An entry is known with the outcome, and not a day before") {
  const GraphBuilder graph = WithEntry({0.1, "v7", {}});
  CHECK_FALSE(EntryOn(graph, 100).has_value());
  CHECK_FALSE(EntryOn(graph, 199).has_value());
  CHECK(EntryOn(graph, 200).has_value());
}

TEST_CASE("An entry without a forecast writes none") {
  const GraphBuilder graph = WithEntry({0.0, "v7", {}});
  const auto entry = EntryOn(graph, 300);
  REQUIRE(entry.has_value());  // 0 is an expectation
  CHECK(entry->expected == 0.0);
  CHECK_FALSE(entry->forecast.has_value());
  const graph::Fact fact = ToFact({0.0, "v7", {}}, kLoan, Date(200));
  const auto& node = std::get<graph::NodeFact>(fact);
  CHECK(node.attributes.size() == 2);
  CHECK(node.node == kLoan);
  CHECK(node.operation == graph::FactOperation::kUpsert);
  CHECK(node.dates == graph::FactDates{Date(200), Date(200)});
}

TEST_CASE("A forecast counts only if it is whole, and only with an expectation") {
  graph::NodeRecord loan{kLoan, Date(1), {}};
  CHECK_FALSE(ReadLedgerEntry(loan).has_value());
  loan.attributes = {{graph::attribute::kLoanExpectedRecovery, 0.5},
                     {graph::attribute::kLoanForecastRecovery, 0.5},
                     {graph::attribute::kLoanForecastHigh, 0.75}};
  auto entry = ReadLedgerEntry(loan);
  REQUIRE(entry.has_value());
  CHECK_FALSE(entry->forecast.has_value());
  CHECK(entry->expected_by.empty());
  loan.attributes = {{graph::attribute::kLoanForecastRecovery, 0.5},
                     {graph::attribute::kLoanForecastLow, 0.25},
                     {graph::attribute::kLoanForecastHigh, 0.75}};
  CHECK_FALSE(ReadLedgerEntry(loan).has_value());
}

TEST_CASE("No model may learn from an attribute of the ledger") {
  const graph::Fact fact = ToFact({0.5, "v7", {{0.5, 0.25, 0.75}}}, kLoan, Date(200));
  const auto& attributes = std::get<graph::NodeFact>(fact).attributes;
  CHECK(attributes.size() == 5);
  const GraphBuilder graph = WithEntry({0.5, "v7", {{0.5, 0.25, 0.75}}});
  const auto definitions = graph.View(300)->Attributes();
  for (const graph::NamedAttribute& attribute : attributes) {
    INFO(attribute.name);
    std::size_t found = 0;
    for (const graph::AttributeDefinition& definition : definitions) {
      if (definition.name != attribute.name) continue;
      CHECK(definition.role == graph::AttributeRole::kLabel);
      CHECK(definition.type == graph::TypeOf(attribute.value));
      ++found;
    }
    CHECK(found == 1);
  }
}

TEST_CASE("Only a loan's expectation is a fact of the ledger") {
  CHECK(IsLedgerFact(ToFact({0.5, "v7", {}}, kLoan, Date(200))));
  const auto node = [](NodeKind kind, const char* name) {
    return graph::Fact(graph::NodeFact{
        .node = {kind, "x"}, .attributes = {{"size", 1.0}, {name, 0.5}}, .dates = {}});
  };
  CHECK(IsLedgerFact(node(NodeKind::kLoan, "expected_recovery")));
  CHECK_FALSE(IsLedgerFact(node(NodeKind::kLoan, "expected")));
  CHECK_FALSE(IsLedgerFact(node(NodeKind::kParty, "expected_recovery")));
  CHECK_FALSE(IsLedgerFact(graph::OutcomeFact{kLoan, 0.5, Date(1), {Date(2), Date(2)}}));
  CHECK_FALSE(IsLedgerFact(graph::EdgeFact{}));
}

}  // namespace
}  // namespace recoup::model
