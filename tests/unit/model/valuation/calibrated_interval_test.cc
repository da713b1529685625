#include "model/valuation/calibrated_interval.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <limits>

#include "tests/unit/model/valuation/worked_example.h"

namespace recoup::model {
namespace {

using Catch::Matchers::WithinAbs;

RecoveryForecast Calibrated(double coverage, double margin) {
  const auto forecast = CalibrateForecast(WorkedExample(), coverage, margin);
  REQUIRE(forecast.has_value());
  return *forecast;
}

TEST_CASE("The interval lies between two quantiles, widened by the margin") {
  // Q(0.25) = 0.20 + 0.04 * 0.15 / 0.4 = 0.215; Q(0.75) = 0.60 + 0.04 * 0.25 / 0.3 = 0.6333...
  const RecoveryForecast forecast = Calibrated(0.5, 0.01);
  CHECK_THAT(forecast.lower, WithinAbs(0.205, 1e-12));
  CHECK_THAT(forecast.upper, WithinAbs(0.6333333333333333 + 0.01, 1e-12));
  CHECK(forecast.coverage == 0.5);
  CHECK(forecast.distribution == WorkedExample());
}

TEST_CASE("The interval never leaves the range of recovery rates") {
  const RecoveryForecast forecast = Calibrated(0.8, 0.05);
  CHECK(forecast.lower == 0.0);
  CHECK(forecast.upper == 1.0);
}

TEST_CASE("A negative margin narrows the interval to a point at most") {
  CHECK_THAT(Calibrated(0.5, -0.1).lower, WithinAbs(0.315, 1e-12));
  const RecoveryForecast point = Calibrated(0.5, -5.0);
  CHECK(point.lower == point.upper);
  CHECK_THAT(point.lower, WithinAbs((0.215 + 0.6333333333333333) / 2, 1e-12));
}

TEST_CASE("A coverage or margin that makes no sense is refused") {
  for (const double coverage : {0.0, 1.0, -0.1, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(CalibrateForecast(WorkedExample(), coverage, 0.0).error().code ==
          ErrorCode::kInvalidArgument);
  }
  CHECK_FALSE(
      CalibrateForecast(WorkedExample(), 0.8, std::numeric_limits<double>::infinity()).has_value());
}

TEST_CASE("The conformal quantile counts one loan more than there are") {
  CHECK(ConformalQuantile({5, 3, 1, 2, 4, 9, 8, 7, 6}, 0.8) == 8.0);  // rank (9 + 1) * .8
  CHECK(ConformalQuantile({4, 2, 1, 3}, 0.7) == 4.0);                 // rank ceil(3.5)
  CHECK(ConformalQuantile({4, 2, 1, 3}, 0.9) == 4.0);                 // rank 5 of 4: the largest
}

TEST_CASE("Conformity is the distance to the nearer end, negative inside") {
  const CentralInterval interval{0.25, 0.5};
  CHECK(ConformityOf(interval, 0.125) == 0.125);
  CHECK(ConformityOf(interval, 0.75) == 0.25);
  CHECK(ConformityOf(interval, 0.4375) == -0.0625);
  CHECK(ConformityOf(interval, 0.25) == 0.0);
}

}  // namespace
}  // namespace recoup::model
