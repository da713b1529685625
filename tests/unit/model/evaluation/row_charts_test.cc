#include "model/evaluation/row_charts.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/unit/model/evaluation/svg_bounds.h"

namespace recoup::model {
namespace {

using testing::CountOf;
using testing::FirstOutside;

const double kNan = std::nan("");

TEST_CASE("The common scale holds 0 and every bound that is defined") {
  const DifferenceEstimate below[] = {{-0.2, -0.3, -0.1}, {-0.4, kNan, kNan}};
  CHECK(ScaleOf(below).from == -0.4);
  CHECK(ScaleOf(below).to == 0.0);
  const DifferenceEstimate above[] = {{0.2, 0.1, 0.3}};
  CHECK(ScaleOf(above).from == 0.0);
  CHECK(ScaleOf(above).to == 0.3);
}

TEST_CASE("Without differences the scale still has a width") {
  const DifferenceEstimate none[] = {{0.0, 0.0, 0.0}, {kNan, kNan, kNan}};
  CHECK(ScaleOf(none).from < 0.0);
  CHECK(ScaleOf(none).to > 0.0);
  CHECK(ScaleOf({}).from < ScaleOf({}).to);
}

TEST_CASE("Bars and their axis stay inside, and no bound is drawn that is not defined") {
  for (const DifferenceEstimate& difference : {DifferenceEstimate{-0.2, -0.3, -0.1},
                                               {0.2, 0.1, 0.3},
                                               {0.0, -123.0, 0.1},
                                               {0.0, 0.0, 0.0},
                                               {0.1, kNan, kNan},
                                               {kNan, kNan, kNan}}) {
    const LinearScale scale = ScaleOf({&difference, 1});
    const std::string bar = IntervalBar(difference, scale);
    INFO(bar);
    CHECK(FirstOutside(bar).empty());
    CHECK(FirstOutside(IntervalAxis(scale)).empty());
    CHECK(CountOf(bar, "<circle") == (std::isnan(difference.value) ? 0 : 1));
    CHECK(CountOf(bar, "<rect") == (std::isnan(difference.lower) ? 0 : 1));
  }
  CHECK(CountOf(IntervalBar(std::nullopt, ScaleOf({})), "<circle") == 0);
}

TEST_CASE("A bar is green or red only where it leaves out 0") {
  const auto has = [](DifferenceEstimate difference, const char* style) {
    return CountOf(IntervalBar(difference, ScaleOf({&difference, 1})), style) == 1;
  };
  CHECK(has({0.2, 0.1, 0.3}, "dot good"));
  CHECK(has({-0.2, -0.3, -0.1}, "dot bad"));
  CHECK(has({0.2, -0.1, 0.3}, "dot even"));
  CHECK(has({0.2, kNan, kNan}, "dot even"));
}

TEST_CASE("Ends of the axis that would cover its 0 are left out") {
  CHECK(CountOf(IntervalAxis({-0.3, 0.3, 8.0, 142.0}), "<text") == 3);
  CHECK(CountOf(IntervalAxis({-0.3, 0.01, 8.0, 142.0}), "<text") == 2);
  CHECK(IntervalAxis({-0.3, 0.01, 8.0, 142.0}).find("-0.3000") != std::string::npos);
}

TEST_CASE("Coverage and width of a segment stay inside, and are drawn only where defined") {
  const auto dots = [](double coverage, double width) {
    return SegmentDots({"by", "segment", 50, 0.1, 0.0, coverage, width});
  };
  for (const double share : {0.0, 0.8, 1.0}) CHECK(FirstOutside(dots(share, share)).empty());
  CHECK(FirstOutside(SegmentAxis()).empty());
  CHECK(CountOf(dots(0.8, 0.5), "<circle") == 2);
  CHECK(CountOf(dots(kNan, 0.5), "\"ring\"") == 1);
  CHECK(CountOf(dots(kNan, 0.5), "<circle") == 1);
  CHECK(CountOf(dots(kNan, kNan), "<circle") == 0);
}

TEST_CASE("Coverage of 80 % lies on the dashed line") {
  const std::string dots = SegmentDots({"by", "segment", 50, 0.1, 0.0, 0.8, 0.5});
  // 8 + .8 * 204.
  CHECK(dots.find("<line x1=\"171.2\"") != std::string::npos);
  CHECK(dots.find("<circle cx=\"171.2\"") != std::string::npos);
  CHECK(SegmentAxis().find("<line x1=\"171.2\"") != std::string::npos);
}

}  // namespace
}  // namespace recoup::model
