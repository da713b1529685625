#include "model/evaluation/comparison.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

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

TEST_CASE("An unbelievable R2 and a short embargo are noted") {
  const auto store = testing::MakeLoanWorld(300);
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE(data.has_value());
  Comparison comparison;
  comparison.Add(row::kBoostedOwn, OffBy(0.01, data->outcomes));
  const auto table = comparison.Finish(*store, *data, {}, 1);
  REQUIRE(table.has_value());
  std::string notes;
  for (const std::string& note : table->notes) notes += note + "\n";
  CHECK(notes.find("ALARM: R2 above 0.5") != std::string::npos);
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

}  // namespace
}  // namespace recoup::model
