#include "model/evaluation/html_cells.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

namespace recoup::model {
namespace {

TEST_CASE("Text is escaped, ready HTML is not") {
  CHECK(Element("td", "a < b") == "<td>a &lt; b</td>");
  CHECK(Element("td", "a", "x\"y") == "<td class=\"x&quot;y\">a</td>");
  CHECK(Around("tr", "<td>a</td>", "absent") == "<tr class=\"absent\"><td>a</td></tr>");
}

TEST_CASE("Figures have four decimals, counts none, and what is not defined is a dash") {
  CHECK(FigureCell(0.25, "best") == "<td class=\"best\">0.2500</td>");
  CHECK(FigureCell(std::nan("")) == "<td>-</td>");
  CHECK(CountCell(6871) == "<td>6871</td>");
}

TEST_CASE("A difference is coloured only where its interval leaves out 0") {
  const auto style = [](DifferenceEstimate difference, bool lower_is_better) {
    const std::string cell = DifferenceCell(difference, lower_is_better);
    const bool good = cell.find("good-text") != std::string::npos;
    const bool bad = cell.find("bad-text") != std::string::npos;
    return std::string(good ? "good" : "") + (bad ? "bad" : "");
  };
  CHECK(style({0.05, 0.01, 0.09}, false) == "good");
  CHECK(style({0.05, 0.01, 0.09}, true) == "bad");
  CHECK(style({-0.05, -0.09, -0.01}, false) == "bad");
  CHECK(style({-0.05, -0.09, -0.01}, true) == "good");
  CHECK(style({0.05, 0.0, 0.09}, false).empty());
  CHECK(style({0.05, std::nan(""), std::nan("")}, false).empty());
}

TEST_CASE("A difference shows its value and an interval that is not torn apart") {
  CHECK(DifferenceCell(DifferenceEstimate{0.05, -0.01, 0.09}) ==
        "<td class=\"difference\">0.0500 <span class=\"interval\">[-0.0100, 0.0900]</span></td>");
  CHECK(DifferenceCell(std::nullopt) == "<td>-</td>");
}

TEST_CASE("A table has one head and one body, in a box that scrolls") {
  CHECK(ScrollingTable("<th>a</th>", "<tr><td>1</td></tr>") ==
        "<div class=\"scroll\"><table><thead><tr><th>a</th></tr></thead>\n"
        "<tbody><tr><td>1</td></tr></tbody></table></div>\n");
}

}  // namespace
}  // namespace recoup::model
