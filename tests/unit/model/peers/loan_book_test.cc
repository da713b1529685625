#include "model/peers/loan_book.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

using graph::Category;
using graph::EdgeKind;
using graph::GraphBuilder;
using graph::NodeKind;

constexpr graph::NodeKey kBank{NodeKind::kParty, "bank"};

// Loan i has the score i and a colour, is valued on day 100 + i and resolved 50 days later, loans 2
// and 3 on one day.
void AddLoans(GraphBuilder& graph) {
  for (const int i : {3, 0, 2, 1}) {  // the store numbers them in this order
    const std::string id = "L" + std::to_string(i);
    graph.Node(NodeKind::kLoan, id, 10,
               {{"score", static_cast<double>(i)},
                {"colour", Category{i % 2 == 0 ? "blue" : "red"}},
                {"betrayal", 0.25 * i}});
    graph.Outcome(id, 0.25 * i, 100 + i, i == 3 ? 152 : 150 + i);
  }
  graph::FactBatch batch;
  batch.declarations = {{.owner = NodeKind::kLoan,
                         .name = "betrayal",
                         .type = graph::AttributeType::kNumber,
                         .role = graph::AttributeRole::kForbidden}};
  graph.Apply(batch);
}

std::vector<std::string> IdsOf(const LoanBook& book) {
  std::vector<std::string> ids;
  for (const graph::NodeRecord& record : book.records) ids.push_back(record.key.external_id);
  return ids;
}

TEST_CASE("Loans stand in the order in which their outcomes became known") {
  GraphBuilder graph;
  AddLoans(graph);
  graph.Node(NodeKind::kLoan, "open", 10);
  graph.Apply();
  const LoanBook book = ReadLoanBook(graph.store()).value();
  // L3 and L2 on one day: by number, and the store met L3 first.
  CHECK(IdsOf(book) == std::vector<std::string>{"L0", "L1", "L3", "L2"});
  CHECK(book.examples[2] == Example{graph.Loan("L3"), Date(103), Date(152), 0.75});
  for (int day = 149; day < 155; ++day) {
    const auto known =
        std::count_if(book.examples.begin(), book.examples.end(),
                      [day](const Example& e) { return e.outcome_known_at < Date(day); });
    CHECK(book.KnownBefore(Date(day)) == static_cast<std::size_t>(known));
  }
}

TEST_CASE("A loan is shown as of its valuation: what is learnt later is not in it") {
  GraphBuilder graph;
  AddLoans(graph);
  graph.Edge(EdgeKind::kOriginatedBy, {NodeKind::kLoan, "L1"}, kBank, 101);
  graph.Edge(EdgeKind::kOriginatedBy, {NodeKind::kLoan, "L0"}, kBank, 101);  // the day after
  graph.Node(NodeKind::kLoan, "L0", 101, {{"score", 77.0}});
  graph.Node(NodeKind::kLoan, "L1", 151, {{"expected_recovery", 0.625}});  // with the outcome
  graph.Apply();
  const LoanBook book = ReadLoanBook(graph.store()).value();
  for (std::size_t loan = 0; loan < 4; ++loan) {
    const Example& example = book.examples[loan];
    const auto view = graph.View(example.as_of.days());
    CHECK(book.records[loan] == view->Node(example.loan).value());
    CHECK(book.MembersOf(loan).size() == (loan == 1 ? 1 : 0));
    CHECK(std::isnan(book.expected[loan]) == (loan != 1));
  }
  CHECK(book.MembersOf(1)[0] == GroupCatalog::Member{0, 0, true});
  CHECK(book.catalog.relations() == std::vector<std::string>{"out.originated_by.party"});
  CHECK(book.expected[1] == 0.625F);
}

TEST_CASE("A removed loan stays in the book; one known at once or not yet shown is counted out") {
  GraphBuilder graph;
  AddLoans(graph);
  graph.Add(graph::NodeFact{
      {NodeKind::kLoan, "L0"}, graph::FactOperation::kRemove, {}, {Date(200), Date(200)}});
  graph.Outcome("at_once", 0.5, 120, 120);
  graph.Outcome("not_yet", 0.5, 120, 130);  // the outcome is the first that the store hears of it
  graph.Apply();
  const LoanBook book = ReadLoanBook(graph.store()).value();
  CHECK(IdsOf(book) == std::vector<std::string>{"L0", "L1", "L3", "L2"});
  CHECK(std::isnan(book.expected[0]));
  CHECK(book.known_at_once == 1);
  CHECK(book.not_shown == 1);
}

TEST_CASE("The ledger outlives its loan, unless that was removed before its outcome was known") {
  GraphBuilder graph;
  AddLoans(graph);
  for (const char* loan : {"L0", "L1", "L2"}) {
    graph.Node(NodeKind::kLoan, loan, 150 + loan[1] - '0', {{"expected_recovery", 0.625}});
  }
  const auto remove = [&graph](const char* loan, int day) {
    graph.Add(graph::NodeFact{
        {NodeKind::kLoan, loan}, graph::FactOperation::kRemove, {}, {Date(day), Date(day)}});
  };
  remove("L1", 200);
  remove("L3", 140);
  graph.Apply();
  const LoanBook book = ReadLoanBook(graph.store()).value();
  REQUIRE(IdsOf(book) == std::vector<std::string>{"L0", "L1", "L3", "L2"});
  CHECK(book.expected[0] == 0.625F);
  CHECK(book.expected[1] == 0.625F);
  CHECK(std::isnan(book.expected[2]));
  CHECK(book.expected[3] == 0.625F);
  CHECK(book.is_gone == std::vector<char>{0, 0, 1, 0});
}

std::vector<std::string> NumbersOf(const FeatureSchema& schema) {
  std::vector<std::string> names;
  for (const NumericFeature& feature : schema.Of(NodeKind::kLoan).numeric) {
    names.push_back(feature.attribute);
  }
  return names;
}

TEST_CASE("Features are fitted on the given loans, without what is forbidden or another kind's") {
  GraphBuilder graph;
  AddLoans(graph);
  graph.Node(NodeKind::kParty, "bank", 10, {{"employees", 3.0}});
  graph.Apply();
  const LoanBook book = ReadLoanBook(graph.store()).value();
  const std::vector<std::uint32_t> loans = {0, 1, 2};  // L0, L1, L3
  FitOptions options;
  options.min_count = 2;
  const FeatureSchema schema = FitLoanFeatures(book, loans, options);
  CHECK(NumbersOf(schema) == std::vector<std::string>{"score"});
  CHECK(schema.Of(NodeKind::kLoan).numeric[0].knots.back() == 3.0);
  REQUIRE(schema.Of(NodeKind::kLoan).categories.size() == 1);
  CHECK(schema.Of(NodeKind::kLoan).categories[0].vocabulary == std::vector<std::string>{"red"});
  CHECK(schema.Of(NodeKind::kParty).numeric.empty());
  CHECK(std::abs(schema.prior_recovery_rate() - (0.0 + 0.25 + 0.75) / 3.0) < 1e-15);
  options.allow_forbidden = {"betrayal"};
  CHECK(NumbersOf(FitLoanFeatures(book, loans, options)) ==
        std::vector<std::string>{"betrayal", "score"});
}

TEST_CASE("Encoded loans are rows of the own features' table, and what the networks see of them") {
  GraphBuilder graph;
  AddLoans(graph);
  graph.Node(NodeKind::kLoan, "bare", 10);
  graph.Outcome("bare", 0.5, 100, 300);
  graph.Apply();
  const LoanBook book = ReadLoanBook(graph.store()).value();
  const FeatureSchema schema({{NodeKind::kLoan,
                               {{"score", graph::AttributeType::kNumber, {0.0, 4.0}, ""}},
                               {{"colour", {"red"}}}}},
                             0.5);
  std::vector<std::uint32_t> loans = {4, 1, 3};  // bare, L1, L2
  EncodedLoans encoded = EncodeLoans(book, schema, loans);
  std::vector<Example> examples;
  for (const std::uint32_t loan : loans) examples.push_back(book.examples[loan]);
  const Table table = OwnFeatureTable(graph.store(), schema, examples).value();
  CHECK(encoded.table.columns == table.columns);
  const auto same = [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  CHECK(std::equal(table.values.begin(), table.values.end(), encoded.table.values.begin(),
                   encoded.table.values.end(), same));
  // The score of 1 lies a quarter of the way from -1 to 1, that of 2 in the middle.
  CHECK(encoded.numeric_width == 2);
  CHECK(encoded.numeric == std::vector<float>{0.0F, 1.0F, -0.5F, 0.0F, 0.0F, 0.0F});
  CHECK(encoded.categories == std::vector<std::int32_t>{0, 2, 1});
  const LoanRows rows = RowsOf(std::move(encoded), schema.Of(NodeKind::kLoan));
  CHECK(rows.rows() == 3);
  CHECK(rows.category_sizes == std::vector<std::int32_t>{3});
  CHECK(rows.categories == std::vector<std::int32_t>{0, 2, 1});
  const LoanRows none = RowsOf({}, schema.Of(NodeKind::kLoan));
  CHECK(none.rows() == 0);
  CHECK(none.numeric_width == 2);
}

}  // namespace
}  // namespace recoup::model
