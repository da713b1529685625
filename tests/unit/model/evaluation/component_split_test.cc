#include "model/evaluation/component_split.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using graph::EdgeKind;
using graph::NodeKey;
using graph::NodeKind;
using testing::Day;
using testing::Edge;
using testing::Loan;
using testing::Party;

/// Loans 0 and 1 share a house, 2 hangs on 0's borrower's guarantor, 3 and 4 only share a lender.
std::vector<graph::Fact> Relations() {
  const Date day = Day("2001-01-01");
  const NodeKey house{NodeKind::kCollateral, "house"};
  return {Edge(EdgeKind::kBorrows, Party("ann"), Loan(0), day),
          Edge(EdgeKind::kSecures, house, Loan(0), day),
          Edge(EdgeKind::kSecures, house, Loan(1), day),
          Edge(EdgeKind::kGuarantees, Party("bob"), Party("ann"), day),
          Edge(EdgeKind::kBorrows, Party("bob"), Loan(2), day),
          Edge(EdgeKind::kOriginatedBy, Loan(2), Party("bank"), day),
          Edge(EdgeKind::kOriginatedBy, Loan(3), Party("bank"), day),
          Edge(EdgeKind::kOriginatedBy, Loan(4), Party("bank"), day)};
}

std::map<std::string, std::uint64_t> ComponentsByName(std::vector<graph::Fact> facts) {
  const auto store = graph::MakeMemoryGraphStore();
  graph::FactBatch batch;
  batch.facts = std::move(facts);
  REQUIRE(store->Apply(batch).has_value());
  const auto view = store->ViewAsOf(Day("2020-01-01"));
  std::vector<Example> examples;
  for (std::size_t i = 0; i < 5; ++i)
    examples.push_back({view->Find(Loan(i)).value(), Date(), Date(), 0.0});
  const auto components = ComponentsOf(*store, examples);
  REQUIRE(components.has_value());
  std::map<std::string, std::uint64_t> named;
  for (std::size_t i = 0; i < 5; ++i) named["L" + std::to_string(i)] = components->at(i);
  return named;
}

TEST_CASE("Collateral, borrowers and guarantors connect loans; lenders do not") {
  auto components = ComponentsByName(Relations());
  CHECK(components["L0"] == components["L1"]);
  CHECK(components["L0"] == components["L2"]);
  CHECK(components["L2"] != components["L3"]);
  CHECK(components["L3"] != components["L4"]);
}

TEST_CASE("A component's number does not depend on the order of the facts") {
  std::vector<graph::Fact> reversed = Relations();
  std::reverse(reversed.begin(), reversed.end());
  CHECK(ComponentsByName(Relations()) == ComponentsByName(reversed));
}

TEST_CASE("A loan that was removed stays with those who owed it on its valuation date") {
  const auto store = testing::MakeLoanWorld(40);
  const auto before = CollectExamples(*store).value().examples;
  const auto components = ComponentsOf(*store, before).value();
  testing::RemoveLoan(0, *store);
  const auto after = CollectExamples(*store).value().examples;
  REQUIRE(after == before);
  CHECK(ComponentsOf(*store, after).value() == components);
}

TEST_CASE("No borrower of a test loan is seen in training or validation") {
  const auto store = testing::MakeLoanWorld(600);
  const auto examples = CollectExamples(*store).value().examples;
  const auto split = SplitByComponent(*store, examples, {});
  REQUIRE(split.has_value());
  const auto components = ComponentsOf(*store, examples);
  std::map<std::uint64_t, std::set<int>> parts;
  int part = 0;
  for (const auto* positions : {&split->training, &split->validation, &split->test}) {
    for (const std::size_t i : *positions) parts[components->at(i)].insert(part);
    ++part;
  }
  CHECK(parts.size() == 300);
  for (const auto& [component, in] : parts) CHECK(in.size() == 1);
  // Shares of about 300 draws, within four standard deviations.
  CHECK(std::abs(static_cast<double>(split->test.size()) - 120.0) < 4 * 14.0);
  CHECK(std::abs(static_cast<double>(split->validation.size()) - 90.0) < 4 * 12.5);
}

TEST_CASE("Shares that leave no training are refused") {
  const auto store = testing::MakeLoanWorld(40);
  const auto examples = CollectExamples(*store).value().examples;
  const auto split =
      SplitByComponent(*store, examples, {.validation_share = 0.5, .test_share = 0.5});
  REQUIRE_FALSE(split.has_value());
  CHECK(split.error().code == ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace recoup::model
