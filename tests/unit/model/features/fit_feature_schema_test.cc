#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "model/features/encoder.h"
#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

using graph::Category;
using graph::EdgeKind;
using graph::GraphBuilder;
using graph::NodeKind;

Money Amount(std::int64_t minor_units, const char* currency) {
  return Money(minor_units, Currency::Parse(currency).value());
}

// Loans l0 .. l9, known from day 10, valued on day 100 + i, resolved on day 200 + i.
GraphBuilder TenLoans() {
  GraphBuilder graph;
  for (int i = 0; i < 10; ++i) {
    const std::string id = "l" + std::to_string(i);
    graph.Node(NodeKind::kLoan, id, 10,
               {{"balance", Amount(100 * i, i < 7 ? "EUR" : "JPY")},
                {"asset_class", Category{i < 6 ? "often" : "seldom" + std::to_string(i)}},
                {"default_date", Date(50)},
                {"constant", 3.0},
                {"secret", static_cast<double>(i)},
                {"comment", std::string("free text")}});
    graph.Edge(EdgeKind::kBorrows, {NodeKind::kParty, "p"}, {NodeKind::kLoan, id}, 10);
    graph.Outcome(id, 0.1 * i, 100 + i, 200 + i);
  }
  graph.Node(NodeKind::kParty, "p", 10, {{"employees", 5.0}, {"founded", Date(40)}});
  graph.Node(NodeKind::kParty, "p", 105, {{"employees", 9.0}});
  graph.Apply();
  return graph;
}

const NumericFeature* Find(const KindFeatures& features, const std::string& name) {
  const auto found =
      std::find_if(features.numeric.begin(), features.numeric.end(),
                   [&](const NumericFeature& feature) { return feature.attribute == name; });
  return found == features.numeric.end() ? nullptr : &*found;
}

FeatureSchema Fit(const GraphBuilder& graph, const FitOptions& options) {
  const auto examples = CollectExamples(graph.store()).value().examples;
  return FitFeatureSchema(graph.store(), examples, options).value();
}

TEST_CASE("The prior is the examples' mean") {
  CHECK(Fit(TenLoans(), {}).prior_recovery_rate() == Catch::Approx(0.45));
}

TEST_CASE("Amounts are scaled in their most frequent currency alone") {
  const FeatureSchema schema = Fit(TenLoans(), {});
  const NumericFeature* balance = Find(schema.Of(NodeKind::kLoan), "balance");
  REQUIRE(balance != nullptr);
  CHECK(balance->currency == "EUR");
  CHECK(balance->knots == std::vector<double>{0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
}

TEST_CASE("Dates are scaled as days before each example's own day") {
  const FeatureSchema schema = Fit(TenLoans(), {});
  const NumericFeature* date = Find(schema.Of(NodeKind::kLoan), "default_date");
  REQUIRE(date != nullptr);
  CHECK(date->knots.front() == 50.0);
  CHECK(date->knots.back() == 59.0);
}

TEST_CASE("Constants, texts and what has no value are left out") {
  const FeatureSchema schema = Fit(TenLoans(), {});
  const KindFeatures& loan = schema.Of(NodeKind::kLoan);
  CHECK(Find(loan, "constant") == nullptr);
  CHECK(Find(loan, "interest_rate") == nullptr);
  CHECK(loan.numeric.size() == 3);  // balance, default_date, secret
  CHECK(schema.Of(NodeKind::kCollateral).numeric.empty());
}

TEST_CASE("Words seen too seldom are not kept") {
  const FeatureSchema schema = Fit(TenLoans(), {{}, 5, {}});
  REQUIRE(schema.Of(NodeKind::kLoan).categories.size() == 1);
  CHECK(schema.Of(NodeKind::kLoan).categories[0].vocabulary == std::vector<std::string>{"often"});
  CHECK(Fit(TenLoans(), {{}, 20, {}}).Of(NodeKind::kLoan).categories.empty());
}

TEST_CASE("Neighbours are read as of the example's day") {
  const FeatureSchema schema = Fit(TenLoans(), {});
  const NumericFeature* employees = Find(schema.Of(NodeKind::kParty), "employees");
  REQUIRE(employees != nullptr);
  CHECK(employees->knots == std::vector<double>{5, 5, 5, 5, 5, 9, 9, 9, 9, 9});
  const NumericFeature* founded = Find(schema.Of(NodeKind::kParty), "founded");
  REQUIRE(founded != nullptr);
  CHECK(founded->knots.front() == 60.0);  // day 40 from day 100
  CHECK(founded->knots.back() == 69.0);
}

TEST_CASE("A forbidden attribute is a feature only where it is named") {
  GraphBuilder graph = TenLoans();
  graph::FactBatch batch;
  batch.declarations.push_back({0, NodeKind::kLoan, "secret", graph::AttributeType::kNumber,
                                graph::AttributeRole::kForbidden});
  graph.Apply(batch);
  CHECK(Find(Fit(graph, {}).Of(NodeKind::kLoan), "secret") == nullptr);
  CHECK(Find(Fit(graph, {{}, 20, {"secret"}}).Of(NodeKind::kLoan), "secret") != nullptr);
}

TEST_CASE("A group is never a feature, and a text only where it is declared one") {
  GraphBuilder graph;
  graph::FactBatch batch;
  batch.declarations.push_back({0, NodeKind::kLoan, "vintage", graph::AttributeType::kCategory,
                                graph::AttributeRole::kGroup});
  batch.declarations.push_back(
      {0, NodeKind::kLoan, "purpose", graph::AttributeType::kText, graph::AttributeRole::kFeature});
  for (int i = 0; i < 30; ++i) {
    const std::string id = "l" + std::to_string(i);
    graph.Node(NodeKind::kLoan, id, 10,
               {{"vintage", Category{"2020"}},
                {"purpose", std::string("a shop")},
                {"remark", std::string("not declared")}});
    graph.Outcome(id, 0.5, 100, 200);
  }
  graph.Apply(batch);
  const KindFeatures loan = Fit(graph, {}).Of(NodeKind::kLoan);
  CHECK(loan.categories.empty());
  CHECK(loan.texts == std::vector<TextFeature>{{"purpose", kTextBuckets}});
}

TEST_CASE("At most 256 quantiles are kept, each a value that occurred") {
  GraphBuilder graph;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = "l" + std::to_string(i);
    graph.Node(NodeKind::kLoan, id, 10, {{"score", static_cast<double>(i)}});
    graph.Outcome(id, 0.5, 100, 200);
  }
  graph.Apply();
  const FeatureSchema schema = Fit(graph, {});
  const NumericFeature* score = Find(schema.Of(NodeKind::kLoan), "score");
  REQUIRE(score != nullptr);
  REQUIRE(score->knots.size() == 256);
  CHECK(score->knots.front() == 0.0);
  CHECK(score->knots[128] == 501.0);  // 128 * 999 / 255 = 501.5, rounded down
  CHECK(score->knots.back() == 999.0);
}

TEST_CASE("Nothing can be fitted to no examples") {
  const GraphBuilder graph;
  const auto schema = FitFeatureSchema(graph.store(), {}, {});
  REQUIRE_FALSE(schema.has_value());
  CHECK(schema.error().code == ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace recoup::model
