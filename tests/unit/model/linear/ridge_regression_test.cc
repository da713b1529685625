#include "model/linear/ridge_regression.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "model/evaluation/counter_random.h"
#include "model/evaluation/metrics.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using Values = std::vector<double>;

TEST_CASE("Three points give the line that a calculation by hand gives") {
  // x = 1, 2, 3: mean 2, deviation sqrt(2/3), so z = -1.2247, 0, 1.2247 and z'z = 3.
  // y = 0, .3, .9: mean .4, z'y = 1.2247 * .9. With a penalty of 3 the weight is z'y / 6 and the
  // ends lie 1.2247 * weight = 1.5 * .9 / 6 = .225 from .4.
  const Table table{{"x"}, {1, 2, 3}};
  const RidgeProblem problem(table, Values{0.0, 0.3, 0.9});
  const auto model = problem.Solve(3.0);
  REQUIRE(model.has_value());
  CHECK(model->intercept() == Approx(0.4));
  CHECK(model->weights()[0] == Approx(std::sqrt(1.5) * 0.9 / 6.0));
  const Values predictions = model->Predict(table);
  CHECK(predictions[0] == Approx(0.175));
  CHECK(predictions[1] == Approx(0.4));
  CHECK(predictions[2] == Approx(0.625));
}

TEST_CASE("Hardly any penalty gives least squares") {
  const Table table{{"x"}, {1, 2, 3}};
  const auto model = RidgeProblem(table, Values{0.0, 0.3, 0.9}).Solve(1e-9);
  REQUIRE(model.has_value());
  CHECK(model->Predict(table)[2] == Approx(0.4 + 1.5 * 0.9 / 3.0));
}

TEST_CASE("A missing value counts as the column's mean and a constant column as nothing") {
  const float missing = std::numeric_limits<float>::quiet_NaN();
  const Table table{{"x", "same"}, {1, 5, 2, 5, 3, 5, missing, 5}};
  const auto model = RidgeProblem(table, Values{0.0, 0.3, 0.9, 0.4}).Solve(1.0);
  REQUIRE(model.has_value());
  CHECK(model->weights()[1] == 0.0);
  CHECK(model->Predict(table)[3] == Approx(model->intercept()));
}

TEST_CASE("A penalty that is not positive is refused") {
  const Table table{{"x"}, {1, 2, 3}};
  CHECK_FALSE(RidgeProblem(table, Values{0.0, 0.3, 0.9}).Solve(0.0).has_value());
  CHECK_FALSE(RidgeProblem(table, Values{0.0, 0.3, 0.9}).Solve(std::nan("")).has_value());
}

TEST_CASE("Validation chooses a strong penalty for noise and a weak one for a line") {
  Table table{{"x"}, {}};
  Values line;
  Values noise;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const double x = UnitInterval(CounterRandom(1, 1, i));
    table.values.push_back(static_cast<float>(x));
    line.push_back(0.2 + 0.5 * x);
    noise.push_back(UnitInterval(CounterRandom(1, 2, i)));
  }
  const auto fitted_line = FitRidge(table, line, table, line);
  const Values other_noise(noise.rbegin(), noise.rend());
  const auto fitted_noise = FitRidge(table, noise, table, other_noise);
  REQUIRE(fitted_line.has_value());
  REQUIRE(fitted_noise.has_value());
  CHECK(fitted_line->penalty == 1.0);
  CHECK(fitted_noise->penalty > 100.0);
  CHECK(RSquared(line, fitted_line->model.Predict(table)) > 0.999);
}

}  // namespace
}  // namespace recoup::model
