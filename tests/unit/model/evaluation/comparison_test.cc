#include "model/evaluation/comparison.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <span>

#include "model/evaluation/metrics.h"
#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using Catch::Approx;

/// Predictions that are off by up to `error` on either side.
ModelPredictions OffBy(double error, const SplitOutcomes& outcomes) {
  MeanPredictions means{outcomes.validation, outcomes.test};
  for (std::size_t i = 0; i < means.test.size(); ++i) {
    means.test[i] += i % 2 == 0 ? error : -error;
  }
  return PredictionsFromMeans(means, outcomes.validation);
}

TEST_CASE("Every model is measured against XGBoost own, in the order of adding") {
  const auto store = testing::MakeLoanWorld(300);
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE(data.has_value());
  Comparison comparison;
  comparison.Add(row::kMean, OffBy(0.3, data->outcomes));
  comparison.Add(row::kBoostedOwn, OffBy(0.2, data->outcomes));
  comparison.Add(row::kBoostedRelational, OffBy(0.2, data->outcomes));
  comparison.Add(row::kNetwork, OffBy(0.1, data->outcomes));
  comparison.AddAbsent(row::kNetworkWithoutEdges, "not trained");
  comparison.AddNote("a note");
  const auto table = comparison.Finish(*store, *data, {}, 3);
  REQUIRE(table.has_value());
  REQUIRE(table->rows.size() == 5);
  CHECK(table->rows[0].verdict.starts_with("loses to XGBoost own"));
  CHECK(table->rows[1].verdict == "the baseline");
  CHECK_FALSE(table->rows[1].difference.has_value());
  CHECK(table->rows[2].verdict.starts_with("no difference"));
  CHECK(table->rows[3].verdict.starts_with("beats"));
  CHECK(table->rows[3].difference->value ==
        Approx(table->rows[3].figures->r_squared - table->rows[1].figures->r_squared));
  CHECK_FALSE(table->rows[4].figures.has_value());
  CHECK(table->rows[4].absent_because == "not trained");
  CHECK(table->clusters == 20);
  CHECK(table->sizes.test == data->test.size());
}

TEST_CASE("The portfolio of one lender is judged by its groups of debtors, or not at all") {
  const auto judged = [](std::size_t loans) {
    const auto store = testing::MakeLoanWorld(loans, 1);
    const auto data = PrepareData(*store, {}, {}, {}).value();
    Comparison comparison;
    comparison.Add(row::kBoostedOwn, OffBy(0.2, data.outcomes));
    comparison.Add(row::kNetwork, OffBy(0.1, data.outcomes));
    return comparison.Finish(*store, data, {}, 1).value();
  };
  const EvaluationTable many = judged(300);  // 60 in test, two a debtor
  CHECK(many.cluster_unit == ClusterUnit::kComponent);
  CHECK(many.clusters == 30);
  CHECK(many.rows[1].verdict.starts_with("beats"));
  CHECK(many.rows[1].difference->lower < many.rows[1].difference->upper);
  const EvaluationTable few = judged(100);
  CHECK(few.clusters == 10);
  CHECK(few.rows[1].verdict == "not judged: too few groups");
}

TEST_CASE("An unbelievable R2 raises the alarm, and a short embargo is noted") {
  const auto store = testing::MakeLoanWorld(300);
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE(data.has_value());
  Comparison comparison;
  comparison.Add(row::kBoostedOwn, OffBy(0.01, data->outcomes));
  const auto table = comparison.Finish(*store, *data, {}, 1);
  REQUIRE(table.has_value());
  std::string notes;
  for (const std::string& note : table->notes) notes += note + "\n";
  REQUIRE(table->alarms.size() == 1);
  CHECK(table->alarms[0].kind == AlarmKind::kUnbelievable);
  CHECK(table->alarms[0].model == row::kBoostedOwn);
  // The embargo of 5 % is 45 days here; loans are valued 180 days before their outcome.
  CHECK(notes.find("longer embargo") != std::string::npos);
}

TEST_CASE("Without XGBoost own nothing is judged") {
  const auto store = testing::MakeLoanWorld(300);
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE(data.has_value());
  Comparison comparison;
  comparison.Add(row::kMean, OffBy(0.3, data->outcomes));
  const auto table = comparison.Finish(*store, *data, {}, 1);
  REQUIRE(table.has_value());
  CHECK(table->rows[0].verdict.empty());
}

TEST_CASE("On demand every row with figures has its R2 by valuation year") {
  const auto store = testing::MakeLoanWorld(600);
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE(data.has_value());
  Comparison comparison;
  comparison.Add(row::kBoostedOwn, OffBy(0.2, data->outcomes));
  comparison.AddAbsent(row::kNetwork, "not trained");
  comparison.Add(row::kRidge, OffBy(0.1, data->outcomes));
  CHECK(comparison.Finish(*store, *data, {}, 1)->series.empty());
  comparison.ShowYears();
  const auto table = comparison.Finish(*store, *data, {}, 1);
  REQUIRE(table.has_value());
  // The last 120 loans are valued from day 1,440 (2008-12-11) on, one every three days.
  REQUIRE(table->series.size() == 4);
  const std::vector<std::size_t> loans = {7, 113, 7, 113};
  for (std::size_t i = 0; i < 4; ++i) {
    const SeriesPoint& point = table->series[i];
    CHECK(point.model == (i < 2 ? row::kBoostedOwn : row::kRidge));
    CHECK(point.year == (i % 2 == 0 ? 2008 : 2009));
    CHECK(point.loans == loans[i]);
    // Every forecast is off by .2 or .1: the squared error is that of each loan.
    const double error = i < 2 ? 0.2 : 0.1;
    const auto first = data->outcomes.test.begin() + (i % 2 == 0 ? 0 : 7);
    const std::span<const double> outcomes(first, loans[i]);
    const double mean = std::accumulate(outcomes.begin(), outcomes.end(), 0.0) /
                        static_cast<double>(outcomes.size());
    double squares = 0.0;
    for (const double outcome : outcomes) squares += (outcome - mean) * (outcome - mean);
    CHECK(point.r_squared == Approx(1.0 - static_cast<double>(loans[i]) * error * error / squares));
  }
}

}  // namespace
}  // namespace recoup::model
