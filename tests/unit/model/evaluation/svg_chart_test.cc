#include "model/evaluation/svg_chart.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/model/evaluation/svg_bounds.h"

namespace recoup::model {
namespace {

TEST_CASE("Letters that mean something in HTML are escaped, others are kept") {
  CHECK(EscapeHtml("<a href=\"x\">'&") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  CHECK(EscapeHtml("Müller 不良\t\n") == "Müller 不良\t\n");
  CHECK(EscapeHtml(std::string("a\0b\x1b\x7f", 5)) ==
        "a\xef\xbf\xbd"
        "b\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("A scale takes the ends of the values to the ends of the pixels, upside down too") {
  const LinearScale scale{-1.0, 3.0, 300.0, 100.0};
  CHECK(scale(-1.0) == 300.0);
  CHECK(scale(3.0) == 100.0);
  CHECK(scale(0.0) == 250.0);
}

TEST_CASE("A box may be given by any two opposite corners") {
  SvgChart chart(50.0, 50.0, "");
  chart.Box({30.0, 5.0}, {10.0, 45.0}, "bar");
  CHECK(chart.Element().find("<rect x=\"10.0\" y=\"5.0\" width=\"20.0\" height=\"40.0\"") !=
        std::string::npos);
}

TEST_CASE("The elements stand in one picture that is described for those who cannot see it") {
  SvgChart chart(50.0, 20.0, "two points");
  const Point points[] = {{1.0, 2.0}, {3.04, 4.06}};
  chart.Path(points, "curve");
  chart.Line({0.0, 0.0}, {5.0, 5.0}, "grid");
  chart.Dot({1.0, 2.0}, 3.0, "dot");
  chart.Dot({1.0, 2.0}, 3.0, "dot", "here");
  CHECK(chart.Element() ==
        "<svg viewBox=\"0 0 50.0 20.0\" width=\"50.0\" height=\"20.0\" role=\"img\" "
        "aria-label=\"two points\">"
        "<polyline points=\"1.0,2.0 3.0,4.1\" class=\"curve\"/>"
        "<line x1=\"0.0\" y1=\"0.0\" x2=\"5.0\" y2=\"5.0\" class=\"grid\"/>"
        "<circle cx=\"1.0\" cy=\"2.0\" r=\"3.0\" class=\"dot\"/>"
        "<circle cx=\"1.0\" cy=\"2.0\" r=\"3.0\" class=\"dot\"><title>here</title></circle></svg>");
}

TEST_CASE("No text gets out of its place") {
  const std::string bad = "\"><b>";
  SvgChart chart(50.0, 50.0, bad);
  chart.Dot({1.0, 1.0}, 1.0, bad, bad);
  chart.Label({1.0, 1.0}, bad, bad);
  CHECK(chart.Element().find("<b>") == std::string::npos);
  CHECK(testing::CountOf(chart.Element(), "&quot;&gt;&lt;b&gt;") == 5);
}

TEST_CASE("What lies outside of the view box is noticed") {
  const auto outside = [](Point at) {
    SvgChart chart(50.0, 50.0, "");
    chart.Dot(at, 2.0, "dot");
    return !testing::FirstOutside(chart.Element()).empty();
  };
  CHECK_FALSE(outside({2.0, 48.0}));
  CHECK(outside({1.0, 25.0}));
  CHECK(outside({25.0, 49.0}));
}

}  // namespace
}  // namespace recoup::model
