// A small world of loans with a known law of recovery, for the tests of this folder.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <vector>

#include "graph/store/graph_store.h"
#include "model/evaluation/counter_random.h"
#include "model/features/encoder.h"

namespace recoup::model::testing {

using graph::EdgeKind;
using graph::NodeKey;
using graph::NodeKind;

inline Date Day(const char* text) {
  const Result<Date> day = Date::Parse(text);
  REQUIRE(day.has_value());
  return *day;
}

inline double Draw(std::uint64_t stream, std::uint64_t counter) {
  return UnitInterval(CounterRandom(7, stream, counter));
}

inline graph::NodeKey Loan(std::size_t i) { return {NodeKind::kLoan, "L" + std::to_string(i)}; }
inline graph::NodeKey Party(const std::string& id) { return {NodeKind::kParty, id}; }

inline graph::EdgeFact Edge(EdgeKind kind, NodeKey from, NodeKey to, Date day) {
  return {.kind = kind,
          .from = std::move(from),
          .to = std::move(to),
          .attributes = {},
          .dates = {day, day}};
}

/// Day on which loan i is valued; three days after the loan before it.
inline Date ValuedOn(std::size_t i) {
  return Day("2005-01-01").PlusDays(static_cast<std::int32_t>(3 * i));
}

/// The law: 0.2, plus 0.4 if `size` is above one half, plus noise of up to 0.2.
inline double Recovery(std::size_t i) {
  return 0.2 + (Draw(1, i) > 0.5 ? 0.4 : 0.0) + 0.2 * Draw(2, i);
}

/// Loan i has the honest `size` and `colour`, the useless `noise`, and the forbidden `betrayal`, a
/// copy of the outcome. Its borrower is i / 2 and its lender i % lenders.
inline void AddLoan(std::size_t i, std::size_t lenders, graph::FactBatch& batch) {
  const Date day = ValuedOn(i).PlusDays(-400);
  const graph::FactDates dates{day, day};
  batch.facts.push_back(
      graph::NodeFact{.node = Loan(i),
                      .attributes = {{"size", Draw(1, i)},
                                     {"noise", Draw(3, i)},
                                     {"colour", graph::Category{Draw(4, i) > 0.5 ? "red" : "blue"}},
                                     {"betrayal", Recovery(i)}},
                      .dates = dates});
  const std::string borrower = "B" + std::to_string(i / 2);
  const std::string lender = "bank" + std::to_string(i % lenders);
  batch.facts.push_back(Edge(EdgeKind::kBorrows, Party(borrower), Loan(i), day));
  batch.facts.push_back(Edge(EdgeKind::kOriginatedBy, Loan(i), Party(lender), day));
  const Date known = ValuedOn(i).PlusDays(180);
  batch.facts.push_back(graph::OutcomeFact{.loan = Loan(i),
                                           .recovery_rate = Recovery(i),
                                           .valuation_date = ValuedOn(i),
                                           .dates = {known, known}});
}

inline std::unique_ptr<graph::GraphStore> MakeLoanWorld(std::size_t loans = 600,
                                                        std::size_t lenders = 20) {
  std::unique_ptr<graph::GraphStore> store = graph::MakeMemoryGraphStore();
  graph::FactBatch batch;
  batch.declarations.push_back({.owner = NodeKind::kLoan,
                                .name = "betrayal",
                                .type = graph::AttributeType::kNumber,
                                .role = graph::AttributeRole::kForbidden});
  for (std::size_t i = 0; i < loans; ++i) AddLoan(i, lenders, batch);
  const auto applied = store->Apply(batch);
  if (!applied.has_value()) FAIL(applied.error().message);
  return store;
}

inline void RemoveLoan(std::size_t i, graph::GraphStore& store) {
  const Date day = Day("2015-01-01");  // after every outcome of worlds of up to 1,000 loans
  graph::FactBatch batch;
  batch.facts = {graph::NodeFact{.node = Loan(i),
                                 .operation = graph::FactOperation::kRemove,
                                 .attributes = {},
                                 .dates = {day, day}}};
  REQUIRE(store.Apply(batch).has_value());
}

/// Returns an example whose outcome became known on this day.
inline Example KnownOn(const char* day, std::uint64_t loan = 0, double recovery_rate = 0.5) {
  return {graph::NodeId(1, loan), Day(day).PlusDays(-180), Day(day), recovery_rate};
}

}  // namespace recoup::model::testing
