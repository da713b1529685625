#include "model/evaluation/tabular_rows.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

EvaluateOptions Quick() {
  EvaluateOptions options;
  options.boosting = {.max_rounds = 100, .patience = 10};
  options.seeds = 1;
  return options;
}

Result<EvaluationTable> TabularTable(const graph::GraphStore& store) {
  RECOUP_ASSIGN(const PreparedData data, PrepareData(store, {}, {}, {}));
  Comparison comparison;
  RECOUP_TRY(AddTabularRows(store, data, Quick(), {}, comparison));
  return comparison.Finish(store, data, {}, 1);
}

TEST_CASE("Trees find the step in the law of recovery, and the mean finds nothing") {
  const auto store = testing::MakeLoanWorld(600);
  const auto table = TabularTable(*store);
  REQUIRE(table.has_value());
  REQUIRE(table->rows.size() == 4);
  CHECK(table->Find(row::kMean)->figures->r_squared < 0.02);
  // The step has a variance of .04, the noise one of .2^2 / 12, so at most .92 can be explained.
  CHECK(table->Find(row::kBoostedOwn)->figures->r_squared > 0.8);
  CHECK(table->Find(row::kRidge)->figures->r_squared > 0.5);
  CHECK(table->Find(row::kRidge)->verdict.starts_with("loses"));
  CHECK(table->Find(row::kBoostedRelational)->figures->r_squared > 0.8);
}

TEST_CASE("Loans without features leave the tabular rows absent") {
  const auto store = graph::MakeMemoryGraphStore();
  graph::FactBatch batch;
  for (std::size_t i = 0; i < 100; ++i) {
    const Date day = testing::ValuedOn(i);
    batch.facts.push_back(graph::NodeFact{
        .node = testing::Loan(i), .attributes = {}, .dates = {day.PlusDays(-9), day.PlusDays(-9)}});
    batch.facts.push_back(graph::OutcomeFact{.loan = testing::Loan(i),
                                             .recovery_rate = testing::Draw(1, i),
                                             .valuation_date = day,
                                             .dates = {day.PlusDays(9), day.PlusDays(9)}});
  }
  REQUIRE(store->Apply(batch).has_value());
  const auto table = TabularTable(*store);
  REQUIRE(table.has_value());
  CHECK(table->Find(row::kMean)->figures.has_value());
  CHECK_FALSE(table->Find(row::kBoostedOwn)->figures.has_value());
  CHECK(table->Find(row::kBoostedOwn)->absent_because.find("no feature") != std::string::npos);
}

}  // namespace
}  // namespace recoup::model
