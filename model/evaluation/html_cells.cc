#include "model/evaluation/html_cells.h"

#include "model/evaluation/evaluation_table.h"
#include "model/evaluation/svg_chart.h"
#include "model/evaluation/table_words.h"

namespace recoup::model {

std::string Around(std::string_view tag, std::string_view html, std::string_view style) {
  std::string element = "<" + std::string(tag);
  if (!style.empty()) element += " class=\"" + EscapeHtml(style) + "\"";
  return element + ">" + std::string(html) + "</" + std::string(tag) + ">";
}

std::string Element(std::string_view tag, std::string_view text, std::string_view style) {
  return Around(tag, EscapeHtml(text), style);
}

std::string FigureCell(double figure, std::string_view style) {
  return Element("td", FormatFigure(figure), style);
}

std::string CountCell(std::size_t count) { return Element("td", std::to_string(count)); }

std::string DifferenceCell(const std::optional<DifferenceEstimate>& difference,
                           bool lower_is_better) {
  if (!difference) return Element("td", DifferenceText(difference));
  std::string style = "difference";
  if (difference->lower > 0.0) style += lower_is_better ? " bad-text" : " good-text";
  if (difference->upper < 0.0) style += lower_is_better ? " good-text" : " bad-text";
  return Around("td",
                EscapeHtml(FormatFigure(difference->value)) + " " +
                    Element("span", IntervalText(*difference), "interval"),
                style);
}

std::string ScrollingTable(std::string_view head, std::string_view body) {
  return "<div class=\"scroll\"><table><thead><tr>" + std::string(head) + "</tr></thead>\n<tbody>" +
         std::string(body) + "</tbody></table></div>\n";
}

}  // namespace recoup::model
