#include "model/evaluation/row_charts.h"

#include <algorithm>
#include <cmath>

#include "model/evaluation/table_words.h"

namespace recoup::model {
namespace {

constexpr double kBarWidth = 150.0;
constexpr double kBarHeight = 22.0;
constexpr double kMargin = 8.0;
constexpr double kDotWidth = 220.0;
constexpr double kRoomForLabel = 45.0;

const char* StyleOf(const DifferenceEstimate& difference) {
  if (difference.lower > 0.0) return "good";
  return difference.upper < 0.0 ? "bad" : "even";
}

}  // namespace

LinearScale ScaleOf(std::span<const DifferenceEstimate> differences) {
  LinearScale scale{0.0, 0.0, kMargin, kBarWidth - kMargin};
  for (const DifferenceEstimate& difference : differences) {
    for (const double bound : {difference.lower, difference.value, difference.upper}) {
      if (std::isnan(bound)) continue;
      scale.from = std::min(scale.from, bound);
      scale.to = std::max(scale.to, bound);
    }
  }
  if (scale.to - scale.from < 1e-3) {
    scale.from -= 0.05;
    scale.to += 0.05;
  }
  return scale;
}

std::string IntervalAxis(const LinearScale& scale) {
  SvgChart chart(kBarWidth, kBarHeight, "axis of the differences");
  const double zero = scale(0.0);
  if (zero - scale.start > kRoomForLabel) {
    chart.Label({scale.start, 14.0}, FormatFigure(scale.from), "tick");
  }
  if (scale.end - zero > kRoomForLabel) {
    chart.Label({scale.end, 14.0}, FormatFigure(scale.to), "tick end");
  }
  chart.Label({zero, 14.0}, "0", "tick middle");
  chart.Line({zero, 17.0}, {zero, kBarHeight}, "zero");
  return chart.Element();
}

std::string IntervalBar(const std::optional<DifferenceEstimate>& difference,
                        const LinearScale& scale) {
  SvgChart chart(kBarWidth, kBarHeight, DifferenceText(difference));
  const double middle = kBarHeight / 2.0;
  chart.Line({scale(0.0), 0.0}, {scale(0.0), kBarHeight}, "zero");
  if (!difference || std::isnan(difference->value)) return chart.Element();
  const std::string style = StyleOf(*difference);
  if (!std::isnan(difference->lower) && !std::isnan(difference->upper)) {
    chart.Box({scale(difference->lower), middle - 3.0}, {scale(difference->upper), middle + 3.0},
              "bar " + style);
  }
  chart.Dot({scale(difference->value), middle}, 4.5, "dot " + style, DifferenceText(difference));
  return chart.Element();
}

std::string SegmentAxis() {
  SvgChart chart(kDotWidth, kBarHeight, "axis of coverage and width");
  const LinearScale x{0.0, 1.0, kMargin, kDotWidth - kMargin};
  chart.Label({x(0.0), 14.0}, "0", "tick");
  chart.Label({x(0.8), 14.0}, "80 %", "tick middle");
  chart.Label({x(1.0), 14.0}, "1", "tick end");
  chart.Line({x(0.8), 17.0}, {x(0.8), kBarHeight}, "ideal");
  return chart.Element();
}

std::string SegmentDots(const SegmentFigures& segment) {
  SvgChart chart(
      kDotWidth, kBarHeight,
      "coverage " + FormatFigure(segment.coverage80) + ", width " + FormatFigure(segment.width80));
  const LinearScale x{0.0, 1.0, kMargin, kDotWidth - kMargin};
  const double middle = kBarHeight / 2.0;
  chart.Line({x(0.0), middle}, {x(1.0), middle}, "grid");
  chart.Line({x(0.8), 0.0}, {x(0.8), kBarHeight}, "ideal");
  if (!std::isnan(segment.width80)) {
    chart.Dot({x(segment.width80), middle}, 4.0, "ring", "width " + FormatFigure(segment.width80));
  }
  if (!std::isnan(segment.coverage80)) {
    chart.Dot({x(segment.coverage80), middle}, 4.5, "dot even",
              "coverage " + FormatFigure(segment.coverage80));
  }
  return chart.Element();
}

}  // namespace recoup::model
