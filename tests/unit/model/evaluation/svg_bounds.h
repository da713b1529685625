// Finds what a chart draws outside of its view box.
#pragma once

#include <cstdlib>
#include <regex>
#include <string>

namespace recoup::model::testing {

inline std::string Attribute(const std::string& element, const std::string& name) {
  std::smatch match;
  const std::regex pattern(" " + name + "=\"([^\"]*)\"");
  return std::regex_search(element, match, pattern) ? match[1].str() : "";
}

inline double NumberIn(const std::string& element, const std::string& name) {
  return std::strtod(Attribute(element, name).c_str(), nullptr);
}

/// Letters are taken to be 6 pixels wide.
inline bool IsLabelInside(const std::string& element, std::size_t letters, double width) {
  const double length = 6.0 * static_cast<double>(letters);
  const std::string style = Attribute(element, "class");
  double start = NumberIn(element, "x");
  if (style.ends_with(" end")) start -= length;
  if (style.ends_with(" middle")) start -= length / 2.0;
  return start >= 0.0 && start + length <= width;
}

/// Returns the first element that is not wholly inside the first drawing in `svg`, or nothing;
/// one with a coordinate that is no number is outside.
inline std::string FirstOutside(const std::string& svg) {
  std::smatch box;
  if (!std::regex_search(svg, box, std::regex("viewBox=\"0 0 ([0-9.]+) ([0-9.]+)\""))) return svg;
  const double width = std::stod(box[1]);
  const double height = std::stod(box[2]);
  const auto inside = [&](double x, double y) {
    return x >= 0.0 && x <= width && y >= 0.0 && y <= height;  // false for NaN
  };
  const std::regex element_pattern("<(line|polyline|rect|circle|text)( [^>]*)>([^<]*)");
  for (std::sregex_iterator it(svg.begin(), svg.end(), element_pattern), end; it != end; ++it) {
    const std::string tag = (*it)[1];
    const std::string element = (*it)[2];
    const auto at = [&](const char* name) { return NumberIn(element, name); };
    bool is_inside = true;
    if (tag == "line") {
      is_inside = inside(at("x1"), at("y1")) && inside(at("x2"), at("y2"));
    } else if (tag == "rect") {
      is_inside = inside(at("x"), at("y")) && inside(at("x") + at("width"), at("y") + at("height"));
    } else if (tag == "circle") {
      is_inside = inside(at("cx") - at("r"), at("cy") - at("r")) &&
                  inside(at("cx") + at("r"), at("cy") + at("r"));
    } else if (tag == "text") {
      is_inside = inside(at("x"), at("y")) && IsLabelInside(element, (*it)[3].length(), width);
    } else {
      const std::string points = Attribute(element, "points");
      const std::regex pair("([^ ,]+),([^ ,]+)");
      for (std::sregex_iterator p(points.begin(), points.end(), pair); p != end; ++p) {
        is_inside = is_inside && inside(std::stod((*p)[1]), std::stod((*p)[2]));
      }
    }
    if (!is_inside) return it->str();
  }
  return {};
}

inline std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace recoup::model::testing
