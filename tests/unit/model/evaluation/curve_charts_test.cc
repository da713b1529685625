#include "model/evaluation/curve_charts.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>

#include "tests/unit/model/evaluation/svg_bounds.h"

namespace recoup::model {
namespace {

using testing::CountOf;
using testing::FirstOutside;

const double kNan = std::nan("");

TEST_CASE("Calibration is drawn in the unit square, outcomes upwards") {
  const CalibrationGroup groups[] = {{0.0, 0.0, 10}, {0.5, 0.25, 10}, {1.0, 1.0, 10}};
  const std::string chart = CalibrationChart(groups);
  CHECK(FirstOutside(chart).empty());
  CHECK(chart.find("<circle cx=\"44.0\" cy=\"276.0\"") != std::string::npos);
  CHECK(chart.find("<circle cx=\"205.0\" cy=\"210.5\"") != std::string::npos);
  CHECK(chart.find("<circle cx=\"366.0\" cy=\"14.0\"") != std::string::npos);
  CHECK(chart.find("forecast 0.5000, outcome 0.2500, loans 10") != std::string::npos);
  CHECK(FirstOutside(CalibrationChart({})).empty());
}

TEST_CASE("The PIT has a bar a bin, as high as its share, and none where it is not defined") {
  const double half[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.15, 0.1, 0.1, kNan};
  const std::string chart = PitChart(half);
  CHECK(FirstOutside(chart).empty());
  CHECK(CountOf(chart, "<rect") == 9);
  // The axis ends at .2: a tenth is half of its 262 pixels.
  CHECK(CountOf(chart, "height=\"131.0\"") == 7);
  CHECK(CountOf(chart, "height=\"65.5\"") == 1);
  const double all[] = {1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
  CHECK(FirstOutside(PitChart(all)).empty());
}

TEST_CASE("Models are named in their order, each once") {
  const SeriesPoint series[] = {{"b", 2010, 0.1, 5}, {"a", 2010, 0.1, 5}, {"b", 2011, 0.1, 5}};
  CHECK(ModelsOf(series) == std::vector<std::string>{"b", "a"});
}

TEST_CASE("Twelve lines can be told apart") {
  std::set<std::string> styles;
  for (std::size_t i = 0; i < 12; ++i) styles.insert(SeriesStyle(i));
  CHECK(styles.size() == 12);
}

TEST_CASE("A year without R2 is a gap in its line, not a bridge") {
  std::vector<SeriesPoint> series;
  for (int year = 2010; year < 2017; ++year) series.push_back({"a", year, 0.1, 5});
  CHECK(CountOf(SeriesChart(series), "<polyline") == 1);
  series[3].r_squared = kNan;
  const std::string chart = SeriesChart(series);
  CHECK(CountOf(chart, "<polyline") == 2);
  CHECK(CountOf(chart, "<circle") == 6);
  CHECK(chart.find("nan") == std::string::npos);
}

TEST_CASE("Years are drawn in their order, whatever the order of the points") {
  const SeriesPoint series[] = {{"a", 2012, 0.1, 5}, {"a", 2010, 0.1, 5}};
  const std::string points = testing::Attribute(SeriesChart(series), "points");
  CHECK(std::stod(points) < std::stod(points.substr(points.find(' '))));
}

TEST_CASE("Names of many years do not cover each other") {
  std::vector<SeriesPoint> series;
  for (int year = 1930; year < 2020; ++year) series.push_back({"a", year, 0.1, 5});
  const std::size_t names = CountOf(SeriesChart(series), "tick middle");
  CHECK(names <= 12);  // of 24 pixels, in 702
  CHECK(names > 6);
}

TEST_CASE("Any series stays inside its picture") {
  for (const double r_squared : {-800.0, -1.3408, -0.013, 0.0, 0.0999, 0.31, 1.0, kNan}) {
    for (const int years : {1, 2, 12, 13, 90}) {
      std::vector<SeriesPoint> series = {{"b", 2000, 0.1, 5}};
      for (int i = 0; i < years; ++i) series.push_back({"a", 2000 + i, r_squared, 5});
      INFO(r_squared << " over " << years);
      CHECK(FirstOutside(SeriesChart(series)).empty());
    }
  }
  CHECK(FirstOutside(SeriesChart({})).empty());
}

}  // namespace
}  // namespace recoup::model
