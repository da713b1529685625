#include "model/evaluation/calibration_curve.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace recoup::model {
namespace {

using Catch::Approx;
using Values = std::vector<double>;

TEST_CASE("Groups of equal count are ordered by forecast") {
  // Ordered: .1 .2 | .3 .4 | .5 .9 with outcomes 0 1 | .5 .7 | 1 .4.
  const auto curve = CalibrationCurve(Values{0.5, 0.0, 0.4, 1.0, 0.7, 1.0},
                                      Values{0.3, 0.1, 0.9, 0.2, 0.4, 0.5}, 3);
  REQUIRE(curve.size() == 3);
  CHECK(curve[0].forecast == Approx(0.15));
  CHECK(curve[0].outcome == Approx(0.5));
  CHECK(curve[1].forecast == Approx(0.35));
  CHECK(curve[1].outcome == Approx(0.6));
  CHECK(curve[2].forecast == Approx(0.7));
  CHECK(curve[2].outcome == Approx(0.7));
  CHECK(curve[2].loans == 2);
}

TEST_CASE("Loans that cannot be divided evenly are all counted once") {
  Values forecasts;
  for (int i = 0; i < 23; ++i) forecasts.push_back(i / 23.0);
  const auto curve = CalibrationCurve(forecasts, forecasts);
  REQUIRE(curve.size() == 10);
  std::size_t loans = 0;
  for (const CalibrationGroup& group : curve) {
    CHECK((group.loans == 2 || group.loans == 3));
    CHECK(group.forecast == Approx(group.outcome));
    loans += group.loans;
  }
  CHECK(loans == 23);
}

TEST_CASE("A constant forecast is one group, not ten that differ by chance") {
  const auto curve = CalibrationCurve(Values{0.0, 0.0, 1.0, 1.0}, Values(4, 0.3), 2);
  REQUIRE(curve.size() == 1);
  CHECK(curve[0].forecast == Approx(0.3));
  CHECK(curve[0].outcome == Approx(0.5));
  CHECK(curve[0].loans == 4);
}

TEST_CASE("Equal forecasts stay together, and the groups after them keep their ends") {
  // Ends after 2, 4 and 6 loans; the first group takes the third .1 too.
  const auto curve = CalibrationCurve(Values(6, 0.5), Values{0.1, 0.1, 0.1, 0.2, 0.3, 0.4}, 3);
  REQUIRE(curve.size() == 3);
  CHECK(curve[0].loans == 3);
  CHECK(curve[1].loans == 1);
  CHECK(curve[2].loans == 2);
}

TEST_CASE("Fewer loans than groups, or none, give as many groups as there are") {
  CHECK(CalibrationCurve(Values{0.1, 0.2}, Values{0.1, 0.2}).size() == 2);
  CHECK(CalibrationCurve({}, {}).empty());
}

}  // namespace
}  // namespace recoup::model
