#include "model/evaluation/segment_figures.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

namespace recoup::model {
namespace {

using Catch::Approx;

ModelPredictions Predictions() {
  ModelPredictions predictions;
  predictions.mean = {0.25, 0.5, 0.75, 0.4, 0.4};
  predictions.lower = {0.0, 0.4, 0.5, 0.2, 0.2};
  predictions.upper = {0.5, 0.6, 0.9, 0.6, 0.6};
  return predictions;
}

const std::vector<double> kOutcomes = {0.0, 0.5, 1.0, 0.4, 0.8};

TEST_CASE("Figures of a segment are those of its loans alone") {
  const SegmentLabels labels{"kind", {"a", "a", "a", "b", "b"}};
  const auto figures = MeasureSegments(kOutcomes, Predictions(), {&labels, 1}, 2);
  REQUIRE(figures.size() == 2);
  CHECK(figures[0].by == "kind");
  CHECK(figures[0].segment == "a");
  CHECK(figures[0].loans == 3);
  CHECK(figures[0].r_squared == Approx(0.75));  // 1 - .125 / .5, as in metrics_test
  CHECK(figures[0].bias == Approx(0.0).margin(1e-12));
  CHECK(figures[0].coverage80 == Approx(2.0 / 3.0));  // 1.0 lies above .9
  CHECK(figures[0].width80 == Approx((0.5 + 0.2 + 0.4) / 3.0));
  // Mean .6, total .04 + .04, errors 0 + .16: 1 - .16 / .08.
  CHECK(figures[1].r_squared == Approx(-1.0));
  CHECK(figures[1].bias == Approx(-0.2));
  CHECK(figures[1].coverage80 == Approx(0.5));
}

TEST_CASE("Small segments are pooled as other, last, with those that are called so") {
  const SegmentLabels labels{"kind", {"z", "z", "a", "b", "other"}};
  const auto figures = MeasureSegments(kOutcomes, Predictions(), {&labels, 1}, 2);
  REQUIRE(figures.size() == 2);
  CHECK(figures[0].segment == "z");
  CHECK(figures[1].segment == "other");
  CHECK(figures[1].loans == 3);
}

TEST_CASE("A division with one segment is left out, for it is the whole") {
  const SegmentLabels divisions[] = {{"same", {"a", "a", "a", "a", "a"}},
                                     {"small", {"a", "b", "c", "d", "e"}}};
  CHECK(MeasureSegments(kOutcomes, Predictions(), divisions, 2).empty());
}

TEST_CASE("R2 of a segment whose outcomes are all equal is not defined") {
  const SegmentLabels labels{"kind", {"a", "b", "a", "b", "a"}};
  const auto figures =
      MeasureSegments(std::vector<double>{0.5, 0.1, 0.5, 0.2, 0.5}, Predictions(), {&labels, 1}, 2);
  CHECK(std::isnan(figures[0].r_squared));
  CHECK_FALSE(std::isnan(figures[1].r_squared));
}

}  // namespace
}  // namespace recoup::model
