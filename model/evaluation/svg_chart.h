// Draws charts as inline SVG; colours come from the page's style sheet, so that they follow its
// light and dark.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace recoup::model {

/// Returns text that is safe between tags and in quoted attributes. Control characters, which HTML
/// does not allow, become U+FFFD.
std::string EscapeHtml(std::string_view text);

struct Point {
  double x = 0.0;
  double y = 0.0;
};

/// Maps a range of values to a range of pixels.
struct LinearScale {
  double from = 0.0;
  double to = 1.0;
  double start = 0.0;
  double end = 1.0;

  double operator()(double value) const {
    return start + (value - from) / (to - from) * (end - start);
  }
};

/// One drawing. Classes are names of the style sheet; coordinates are pixels from the upper left.
/// Threads: one at a time.
class SvgChart {
 public:
  /// `description` is read out in place of the picture.
  SvgChart(double width, double height, std::string_view description);

  void Line(Point from, Point to, std::string_view style);
  void Path(std::span<const Point> points, std::string_view style);
  void Box(Point corner, Point opposite, std::string_view style);
  /// `title` is shown under the pointer.
  void Dot(Point centre, double radius, std::string_view style, std::string_view title = {});
  /// `style` has the anchor too.
  void Label(Point at, std::string_view text, std::string_view style);

  /// Returns the <svg> element.
  std::string Element() const;

 private:
  std::string body_;
  std::string head_;
};

}  // namespace recoup::model
