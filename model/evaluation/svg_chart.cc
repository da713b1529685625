#include "model/evaluation/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace recoup::model {
namespace {

/// A tenth of a pixel is enough.
std::string Pixels(double length) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f", length);
  return buffer;
}

std::string Attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + EscapeHtml(value) + "\"";
}

std::string Place(std::string_view x, std::string_view y, Point at) {
  return Attribute(x, Pixels(at.x)) + Attribute(y, Pixels(at.y));
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '&') {
      escaped += "&amp;";
    } else if (letter == '<') {
      escaped += "&lt;";
    } else if (letter == '>') {
      escaped += "&gt;";
    } else if (letter == '"') {
      escaped += "&quot;";
    } else if (letter == '\'') {
      escaped += "&#39;";
    } else if ((code < 0x20 && letter != '\t' && letter != '\n') || code == 0x7f) {
      escaped += "\xef\xbf\xbd";
    } else {
      escaped += letter;
    }
  }
  return escaped;
}

SvgChart::SvgChart(double width, double height, std::string_view description)
    : head_("<svg" + Attribute("viewBox", "0 0 " + Pixels(width) + " " + Pixels(height)) +
            Attribute("width", Pixels(width)) + Attribute("height", Pixels(height)) +
            " role=\"img\"" + Attribute("aria-label", description) + ">") {}

void SvgChart::Line(Point from, Point to, std::string_view style) {
  body_ +=
      "<line" + Place("x1", "y1", from) + Place("x2", "y2", to) + Attribute("class", style) + "/>";
}

void SvgChart::Path(std::span<const Point> points, std::string_view style) {
  std::string places;
  for (const Point& point : points) {
    if (!places.empty()) places += ' ';
    places += Pixels(point.x) + ',' + Pixels(point.y);
  }
  body_ += "<polyline" + Attribute("points", places) + Attribute("class", style) + "/>";
}

void SvgChart::Box(Point corner, Point opposite, std::string_view style) {
  const Point upper_left{std::min(corner.x, opposite.x), std::min(corner.y, opposite.y)};
  body_ += "<rect" + Place("x", "y", upper_left) +
           Attribute("width", Pixels(std::abs(opposite.x - corner.x))) +
           Attribute("height", Pixels(std::abs(opposite.y - corner.y))) +
           Attribute("class", style) + "/>";
}

void SvgChart::Dot(Point centre, double radius, std::string_view style, std::string_view title) {
  body_ += "<circle" + Place("cx", "cy", centre) + Attribute("r", Pixels(radius)) +
           Attribute("class", style);
  body_ += title.empty() ? "/>" : "><title>" + EscapeHtml(title) + "</title></circle>";
}

void SvgChart::Label(Point at, std::string_view text, std::string_view style) {
  body_ += "<text" + Place("x", "y", at) + Attribute("class", style) + ">" + EscapeHtml(text) +
           "</text>";
}

std::string SvgChart::Element() const { return head_ + body_ + "</svg>"; }

}  // namespace recoup::model
