#include "model/evaluation/model_predictions.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "model/evaluation/counter_random.h"
#include "model/evaluation/quantile_levels.h"

namespace recoup::model {
namespace {

using Catch::Approx;

RecoveryDistribution AllAt(std::size_t cell) {
  RecoveryDistribution::Masses masses{};
  masses[cell] = 1.0;
  return *RecoveryDistribution::FromMasses(masses);
}

TEST_CASE("A mean gets the errors of validation as its distribution") {
  // Errors -.2, -.1, 0, .1, .2: the median is 0; the interval takes ranks floor(6 * .1) -> 1 and
  // ceil(6 * .9) = 6 -> 5, the extremes.
  const MeanPredictions means{{0.5, 0.5, 0.5, 0.5, 0.5}, {0.4}};
  const ModelPredictions predictions =
      PredictionsFromMeans(means, std::vector<double>{0.3, 0.4, 0.5, 0.6, 0.7});
  CHECK(predictions.mean.at(0) == 0.4);
  CHECK(predictions.quantiles.at(9) == Approx(0.4));  // level .5
  CHECK(predictions.quantiles.at(4) == Approx(0.3));  // level .25: position 1
  CHECK(predictions.lower.at(0) == Approx(0.2));
  CHECK(predictions.upper.at(0) == Approx(0.6));
}

TEST_CASE("Predictions stay between 0 and 1, ascending by level") {
  MeanPredictions means;
  std::vector<double> outcomes;
  for (std::uint64_t i = 0; i < 100; ++i) {
    means.validation.push_back(2.0 * UnitInterval(CounterRandom(1, 1, i)) - 0.5);
    means.test.push_back(2.0 * UnitInterval(CounterRandom(1, 2, i)) - 0.5);
    outcomes.push_back(UnitInterval(CounterRandom(1, 3, i)));
  }
  const ModelPredictions predictions = PredictionsFromMeans(means, outcomes);
  for (std::size_t i = 0; i < 100; ++i) {
    const auto row = predictions.quantiles.begin() + static_cast<long>(i * kQuantileLevels);
    CHECK(std::is_sorted(row, row + kQuantileLevels));
    CHECK((*row >= 0.0 && *(row + kQuantileLevels - 1) <= 1.0));
    CHECK((predictions.mean[i] >= 0.0 && predictions.mean[i] <= 1.0));
    CHECK((predictions.lower[i] >= 0.0 && predictions.upper[i] <= 1.0));
    CHECK(predictions.lower[i] <= predictions.upper[i]);
  }
}

TEST_CASE("A distribution gives its mean, its quantiles and the calibrated interval") {
  // Uniform over [.4, .44]: mean .42, q10 = .404, q90 = .436, widened by .1.
  const std::vector<RecoveryDistribution> distributions = {AllAt(11)};
  const auto predictions = PredictionsFromDistributions(distributions, {0.8, 0.1, 5});
  REQUIRE(predictions.has_value());
  CHECK(predictions->mean.at(0) == Approx(0.42));
  CHECK(predictions->quantiles.at(9) == Approx(0.42));
  CHECK(predictions->lower.at(0) == Approx(0.304));
  CHECK(predictions->upper.at(0) == Approx(0.536));
}

TEST_CASE("A forecast keeps its own interval") {
  const std::vector<RecoveryForecast> forecasts = {{AllAt(26), 0.25, 0.75, 0.8}};
  const ModelPredictions predictions = PredictionsFromForecasts(forecasts);
  CHECK(predictions.mean.at(0) == 1.0);
  CHECK(predictions.lower.at(0) == 0.25);
  CHECK(predictions.upper.at(0) == 0.75);
}

TEST_CASE("The average of distributions averages their masses") {
  const std::vector<std::vector<RecoveryDistribution>> members = {{AllAt(0), AllAt(3)},
                                                                  {AllAt(26), AllAt(3)}};
  const std::vector<RecoveryDistribution> averages = AverageDistributions(members);
  CHECK(averages.at(0).Mean() == Approx(0.5));
  CHECK(averages.at(0).masses()[0] == Approx(0.5));
  CHECK(averages.at(1) == AllAt(3));
}

}  // namespace
}  // namespace recoup::model
