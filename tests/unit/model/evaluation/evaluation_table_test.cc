#include "model/evaluation/evaluation_table.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

namespace recoup::model {
namespace {

using Catch::Approx;

TEST_CASE("A verdict follows the interval, not the value") {
  CHECK(VerdictOf({-0.06, -0.1, -0.02}) == "loses to XGBoost own: -0.0600 [-0.1000, -0.0200]");
  CHECK(VerdictOf({0.05, 0.01, 0.09}) == "beats XGBoost own: 0.0500 [0.0100, 0.0900]");
  CHECK(VerdictOf({0.05, -0.01, 0.11}) ==
        "no difference to XGBoost own shown: 0.0500 [-0.0100, 0.1100]");
  CHECK(VerdictOf({0.0, 0.0, 0.0}).starts_with("no difference"));
}

TEST_CASE("A difference without an interval is not judged") {
  const double nan = std::nan("");
  CHECK(VerdictOf({0.3, nan, nan}) == "not judged: too few groups");
  CHECK(VerdictOf({nan, nan, nan}) == "not judged: R2 is not defined");
}

TEST_CASE("Figures have four decimals and no negative zero") {
  CHECK(FormatFigure(0.25304) == "0.2530");
  CHECK(FormatFigure(-0.00001) == "0.0000");
  CHECK(FormatFigure(std::nan("")) == "-");
}

TEST_CASE("The figures of a row come from its predictions") {
  ModelPredictions predictions;
  predictions.mean = {0.25, 0.5, 0.75};
  predictions.quantiles.assign(3 * 19, 0.5);
  predictions.lower = {0.0, 0.0, 0.0};
  predictions.upper = {0.5, 0.5, 0.5};
  const RowFigures figures = MeasureFigures(std::vector<double>{0.0, 0.5, 1.0}, predictions);
  CHECK(figures.r_squared == Approx(0.75));
  CHECK(figures.spearman == Approx(1.0));
  CHECK(figures.crps == Approx(1.0 / 3.0));  // |y - .5| is .5, 0, .5
  CHECK(figures.coverage80 == Approx(2.0 / 3.0));
  CHECK(figures.width80 == Approx(0.5));
}

}  // namespace
}  // namespace recoup::model
