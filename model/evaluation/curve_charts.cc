#include "model/evaluation/curve_charts.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "model/evaluation/svg_chart.h"

namespace recoup::model {
namespace {

constexpr double kChartWidth = 380.0;
constexpr double kChartHeight = 320.0;
constexpr double kSeriesWidth = 760.0;
constexpr double kSeriesHeight = 300.0;
constexpr Point kPlotStart = {44.0, 14.0};
constexpr Point kPlotEnd = {366.0, 276.0};

/// As many as the style sheet has.
constexpr std::size_t kSeriesColours = 6;

/// FormatFigure with fewer decimals, for ticks that need no more.
std::string Decimals(double value, std::size_t decimals) {
  const std::string figure = FormatFigure(value);
  return figure.substr(0, figure.size() - (decimals == 0 ? 5 : 4 - decimals));
}

/// Draws a frame with ticks at multiples of .2 on both axes, both from 0 to 1.
void UnitAxes(SvgChart& chart, const LinearScale& x, const LinearScale& y) {
  for (int tick = 0; tick <= 5; ++tick) {
    const double at = tick / 5.0;
    chart.Line({x.start, y(at)}, {x.end, y(at)}, "grid");
    chart.Label({x.start - 6.0, y(at) + 4.0}, Decimals(at, 1), "tick end");
    chart.Label({x(at), y.start + 18.0}, Decimals(at, 1), "tick middle");
  }
}

/// Returns the smallest of 1, 2 and 5 times a power of ten that divides the span into at most six.
double StepFor(double span) {
  for (double decade = 0.01; decade < 1e6; decade *= 10.0) {
    for (const double step : {decade, 2.0 * decade, 5.0 * decade}) {
      if (span / step <= 6.0) return step;
    }
  }
  return span / 5.0;
}

std::size_t DecimalsFor(double step) {
  if (step < 0.099) return 2;
  return step < 0.99 ? 1 : 0;
}

LinearScale YearScale(std::span<const SeriesPoint> series) {
  const auto [first, last] = std::minmax_element(
      series.begin(), series.end(),
      [](const SeriesPoint& a, const SeriesPoint& b) { return a.year < b.year; });
  return {first->year - 0.5, last->year + 0.5, kPlotStart.x, kSeriesWidth - 14.0};
}

LinearScale R2Scale(std::span<const SeriesPoint> series) {
  LinearScale y{0.0, 0.1, kPlotEnd.y, kPlotStart.y};
  for (const SeriesPoint& point : series) {
    if (std::isnan(point.r_squared)) continue;
    y.from = std::min(y.from, point.r_squared);
    y.to = std::max(y.to, point.r_squared);
  }
  const double step = StepFor(y.to - y.from);
  y.from = std::floor(y.from / step) * step;
  y.to = std::ceil(y.to / step) * step;
  return y;
}

void SeriesAxes(const LinearScale& x, const LinearScale& y, SvgChart& chart) {
  const double step = StepFor(y.to - y.from);
  for (double at = y.from; at <= y.to + step / 2.0; at += step) {
    chart.Line({x.start, y(at)}, {x.end, y(at)}, std::abs(at) < step / 2.0 ? "zero" : "grid");
    chart.Label({x.start - 6.0, y(at) + 4.0}, Decimals(at, DecimalsFor(step)), "tick end");
  }
  const int years = static_cast<int>(x.to - x.from);
  const int every = (years + 11) / 12;
  for (int i = 0; i < years; i += every) {
    const double year = x.from + 0.5 + i;
    chart.Label({x(year), y.start + 18.0}, std::to_string(static_cast<int>(year)), "tick middle");
  }
  chart.Label({x.start + 8.0, y.end + 12.0}, "R2", "axis");
}

void DrawLine(std::span<const SeriesPoint> line, const LinearScale& x, const LinearScale& y,
              const std::string& style, SvgChart& chart) {
  std::vector<Point> piece;
  const auto finish_piece = [&] {
    if (piece.size() > 1) chart.Path(piece, "line " + style);
    piece.clear();
  };
  for (const SeriesPoint& point : line) {
    if (std::isnan(point.r_squared)) {
      finish_piece();
    } else {
      piece.push_back({x(point.year), y(point.r_squared)});
    }
  }
  finish_piece();
  for (const SeriesPoint& point : line) {
    if (std::isnan(point.r_squared)) continue;
    chart.Dot(
        {x(point.year), y(point.r_squared)}, 3.5, "dot " + style,
        point.model + ", " + std::to_string(point.year) + ": " + FormatFigure(point.r_squared));
  }
}

}  // namespace

std::string CalibrationChart(std::span<const CalibrationGroup> groups) {
  SvgChart chart(kChartWidth, kChartHeight,
                 "Calibration: mean outcome over mean forecast of equal groups");
  const LinearScale x{0.0, 1.0, kPlotStart.x, kPlotEnd.x};
  const LinearScale y{0.0, 1.0, kPlotEnd.y, kPlotStart.y};
  UnitAxes(chart, x, y);
  chart.Line({x(0.0), y(0.0)}, {x(1.0), y(1.0)}, "ideal");
  std::vector<Point> points;
  for (const CalibrationGroup& group : groups)
    points.push_back({x(group.forecast), y(group.outcome)});
  chart.Path(points, "curve");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    chart.Dot(points[i], 4.5, "dot even",
              "forecast " + FormatFigure(groups[i].forecast) + ", outcome " +
                  FormatFigure(groups[i].outcome) + ", loans " + std::to_string(groups[i].loans));
  }
  chart.Label({(x.start + x.end) / 2.0, kChartHeight - 6.0}, "mean forecast", "axis middle");
  chart.Label({x.start + 8.0, y.end + 12.0}, "mean outcome", "axis");
  return chart.Element();
}

std::string PitChart(std::span<const double> shares) {
  SvgChart chart(kChartWidth, kChartHeight, "PIT histogram: shares of the outcomes in ten bins");
  double top = 0.2;
  for (const double share : shares) top = std::max(top, std::isnan(share) ? 0.0 : share * 1.1);
  const LinearScale x{0.0, 1.0, kPlotStart.x, kPlotEnd.x};
  const LinearScale y{0.0, top, kPlotEnd.y, kPlotStart.y};
  const double step = StepFor(top);
  for (double at = 0.0; at <= top + 1e-9; at += step) {
    chart.Line({x.start, y(at)}, {x.end, y(at)}, "grid");
    chart.Label({x.start - 6.0, y(at) + 4.0}, Decimals(at, DecimalsFor(step)), "tick end");
  }
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double from = static_cast<double>(i) / static_cast<double>(shares.size());
    const double to = static_cast<double>(i + 1) / static_cast<double>(shares.size());
    if (!std::isnan(shares[i])) {
      chart.Box({x(from) + 2.0, y(0.0)}, {x(to) - 2.0, y(shares[i])}, "column");
    }
    if (i % 2 == 0) chart.Label({x(from), y.start + 18.0}, Decimals(from, 1), "tick middle");
  }
  chart.Label({x.end, y.start + 18.0}, "1.0", "tick middle");
  chart.Line({x.start, y(0.1)}, {x.end, y(0.1)}, "ideal");
  chart.Label({(x.start + x.end) / 2.0, kChartHeight - 6.0},
              "where the outcome fell in its forecast", "axis middle");
  chart.Label({x.start + 8.0, y.end + 12.0}, "share of loans", "axis");
  return chart.Element();
}

std::vector<std::string> ModelsOf(std::span<const SeriesPoint> series) {
  std::vector<std::string> models;
  for (const SeriesPoint& point : series) {
    if (std::find(models.begin(), models.end(), point.model) == models.end()) {
      models.push_back(point.model);
    }
  }
  return models;
}

std::string SeriesStyle(std::size_t position) {
  const std::string colour = "series" + std::to_string(position % kSeriesColours);
  return position < kSeriesColours ? colour : colour + " dashed";
}

std::string SeriesChart(std::span<const SeriesPoint> series) {
  SvgChart chart(kSeriesWidth, kSeriesHeight, "R2 by year, one line a model");
  if (series.empty()) return chart.Element();
  const LinearScale x = YearScale(series);
  const LinearScale y = R2Scale(series);
  SeriesAxes(x, y, chart);
  const std::vector<std::string> models = ModelsOf(series);
  for (std::size_t i = 0; i < models.size(); ++i) {
    std::vector<SeriesPoint> line;
    std::copy_if(series.begin(), series.end(), std::back_inserter(line),
                 [&](const SeriesPoint& point) { return point.model == models[i]; });
    std::sort(line.begin(), line.end(),
              [](const SeriesPoint& a, const SeriesPoint& b) { return a.year < b.year; });
    DrawLine(line, x, y, SeriesStyle(i), chart);
  }
  return chart.Element();
}

}  // namespace recoup::model
