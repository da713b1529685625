#include "model/evaluation/report_sections.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <vector>

#include "model/evaluation/curve_charts.h"
#include "model/evaluation/figure_columns.h"
#include "model/evaluation/html_cells.h"
#include "model/evaluation/row_charts.h"
#include "model/evaluation/row_names.h"
#include "model/evaluation/table_words.h"

namespace recoup::model {
namespace {

/// A card with a title and a line of explanation.
std::string Section(std::string_view title, std::string_view hint, std::string_view html) {
  return Around("section", Element("h2", title) + Element("p", hint, "hint") + std::string(html)) +
         "\n";
}

std::string Fact(std::string_view name, std::string_view value, std::string_view style = {}) {
  return Around("div", Element("dt", name) + Element("dd", value), style);
}

std::string MarkedCells(const EvaluationTable& table, const EvaluationRow& row,
                        std::span<const FigureColumn> columns) {
  std::string cells;
  for (const FigureColumn& column : columns) {
    const double figure = (*row.figures).*column.figure;
    const bool is_best = BestFigure(table, column) == AsShown(figure);
    cells += FigureCell(figure, is_best ? "best" : "");
  }
  return cells;
}

std::string Heads(std::span<const FigureColumn> columns) {
  std::string heads;
  for (const FigureColumn& column : columns) heads += Element("th", column.title);
  return heads;
}

LinearScale ScaleOfRows(const EvaluationTable& table) {
  std::vector<DifferenceEstimate> differences;
  for (const EvaluationRow& row : table.rows) {
    if (row.difference) differences.push_back(*row.difference);
  }
  return ScaleOf(differences);
}

std::string MainRow(const EvaluationTable& table, const EvaluationRow& row,
                    const LinearScale& scale) {
  std::string cells = Element("th", row.model);
  if (!row.figures) {
    cells += "<td class=\"text\" colspan=\"" + std::to_string(kMainFigures.size() + 3) + "\">" +
             "absent, see the notes</td>";
    return Around("tr", cells, "absent");
  }
  cells += MarkedCells(table, row, kMainFigures);
  cells += DifferenceCell(row.difference);
  cells += Around("td", IntervalBar(row.difference, scale), "chart");
  cells += Element("td", VerdictWords(row.verdict), "wrap");
  return Around("tr", cells);
}

std::string SecondRow(const EvaluationTable& table, const EvaluationRow& row) {
  const auto r_squared = [](const std::optional<RowComparison>& other) {
    return other ? std::optional(other->r_squared) : std::nullopt;
  };
  const auto crps = [](const std::optional<RowComparison>& other) {
    return other ? std::optional(other->crps) : std::nullopt;
  };
  return Around(
      "tr", Element("th", row.model) + MarkedCells(table, row, kMoreFigures) +
                DifferenceCell(row.crps_difference, true) + DifferenceCell(r_squared(row.to_mean)) +
                DifferenceCell(crps(row.to_mean), true) + DifferenceCell(r_squared(row.to_second)) +
                DifferenceCell(crps(row.to_second), true) +
                Element("td", row.to_second ? row.to_second->compared_with : "-", "text"));
}

std::string Figure(std::string_view picture, std::string_view caption) {
  return Around("figure", std::string(picture) + Element("figcaption", caption));
}

std::string SegmentRow(const SegmentFigures& segment) {
  return Around("tr", Element("th", segment.segment) + CountCell(segment.loans) +
                          FigureCell(segment.r_squared) + FigureCell(segment.bias) +
                          FigureCell(segment.coverage80) + FigureCell(segment.width80) +
                          Around("td", SegmentDots(segment), "chart"));
}

/// Lines for each part of each model would hide those that are compared.
std::vector<SeriesPoint> WithoutAblations(std::span<const SeriesPoint> series) {
  std::vector<SeriesPoint> kept;
  std::copy_if(series.begin(), series.end(), std::back_inserter(kept),
               [](const SeriesPoint& point) { return !AblationOf(point.model).has_value(); });
  return kept;
}

/// A line a model and a column a year; the loans of a year are the same for all models.
std::string SeriesTable(std::span<const SeriesPoint> series) {
  std::map<int, std::size_t> years;
  for (const SeriesPoint& point : series) years[point.year] = point.loans;
  std::string head = Element("th", "model", "text");
  std::string loans = Element("th", "loans");
  for (const auto& [year, count] : years) {
    head += Element("th", std::to_string(year));
    loans += CountCell(count);
  }
  std::string body = Around("tr", loans);
  for (const std::string& model : ModelsOf(series)) {
    std::map<int, double> line;
    for (const auto& [year, count] : years) line[year] = std::nan("");
    for (const SeriesPoint& point : series) {
      if (point.model == model) line[point.year] = point.r_squared;
    }
    std::string cells = Element("th", model);
    for (const auto& [year, r_squared] : line) cells += FigureCell(r_squared);
    body += Around("tr", cells) + "\n";
  }
  return ScrollingTable(head, body);
}

std::string PitTable(const RowCurves& curves) {
  std::string head = Element("th", "from", "text");
  std::string body = Element("th", "share");
  for (std::size_t i = 0; i < curves.pit.size(); ++i) {
    head += Element("th", "." + std::to_string(i));
    body += FigureCell(curves.pit[i]);
  }
  return ScrollingTable(head, Around("tr", body));
}

std::string CalibrationTable(const RowCurves& curves) {
  std::string forecasts = Element("th", "mean forecast");
  std::string outcomes = Element("th", "mean outcome");
  std::string loans = Element("th", "loans");
  std::string head = Element("th", "group", "text");
  for (std::size_t i = 0; i < curves.calibration.size(); ++i) {
    const CalibrationGroup& group = curves.calibration[i];
    head += Element("th", std::to_string(i + 1));
    forecasts += FigureCell(group.forecast);
    outcomes += FigureCell(group.outcome);
    loans += CountCell(group.loans);
  }
  return ScrollingTable(head,
                        Around("tr", forecasts) + Around("tr", outcomes) + Around("tr", loans));
}

}  // namespace

std::string HeadlineSection(const EvaluationTable& table) {
  std::string facts = Fact("training", std::to_string(table.sizes.training)) +
                      Fact("validation", std::to_string(table.sizes.validation)) +
                      Fact("test", std::to_string(table.sizes.test)) +
                      Fact("left out", std::to_string(table.sizes.left_out)) +
                      Fact("seeds", std::to_string(table.seeds));
  if (table.dates) {
    const DateSplit& dates = *table.dates;
    facts += Fact("training before", dates.train_before.ToString()) +
             Fact("validation before", dates.validation_before.ToString()) +
             Fact("test from", dates.test_from.ToString());
    if (dates.test_before) facts += Fact("test before", dates.test_before->ToString());
  }
  facts += Fact("bootstrap",
                std::to_string(table.bootstrap_draws) + " draws of " + GroupsText(table), "long");
  return Element("h1", "Evaluation of recovery forecasts") +
         Element("p", "Split: " + table.split_description, "lead") + Around("dl", facts, "facts") +
         "\n";
}

std::string AlarmSection(const EvaluationTable& table) {
  if (table.alarms.empty()) return {};
  std::string items;
  for (const Alarm& alarm : table.alarms) items += Element("li", alarm.text);
  const std::string count = std::to_string(table.alarms.size());
  return "<div class=\"alarm\" role=\"alert\">" +
         Element("div", table.alarms.size() == 1 ? "ALARM" : "ALARM: " + count + " reasons") +
         Around("ul", items) + "</div>\n";
}

std::string MainTableSection(const EvaluationTable& table) {
  const LinearScale scale = ScaleOfRows(table);
  std::string body;
  for (const EvaluationRow& row : table.rows) body += MainRow(table, row, scale) + "\n";
  if (body.empty()) return {};
  return Section(
      "Every model on the same loans",
      "The best figure of a column is bold. An interval that leaves out 0 is green where the row "
      "beats XGBoost own, and red where it loses to it.",
      ScrollingTable(Element("th", "model", "text") + Heads(kMainFigures) +
                         Element("th", "dR2 to XGBoost own [95\u00a0%]") +
                         Around("th", IntervalAxis(scale), "chart") +
                         Element("th", "verdict", "text"),
                     body));
}

std::string SecondTableSection(const EvaluationTable& table) {
  std::string body;
  for (const EvaluationRow& row : table.rows) {
    if (row.figures) body += SecondRow(table, row) + "\n";
  }
  if (body.empty()) return {};
  return Section("Bias, quantiles, and other comparisons",
                 "Bias is the mean of forecast minus outcome. CRPS differences below 0 are better.",
                 ScrollingTable(Element("th", "model", "text") + Heads(kMoreFigures) +
                                    Element("th", "dCRPS to XGBoost own [95\u00a0%]") +
                                    Element("th", "dR2 to mean [95\u00a0%]") +
                                    Element("th", "dCRPS to mean [95\u00a0%]") +
                                    Element("th", "dR2 to another row [95\u00a0%]") +
                                    Element("th", "dCRPS to another row [95\u00a0%]") +
                                    Element("th", "the other row", "text"),
                                body));
}

std::string CurveSection(const EvaluationTable& table) {
  const EvaluationRow* row = table.Find(table.segmented_model);
  if (row == nullptr || !row->curves) return {};
  return Section("Can the forecasts be taken at their word: " + row->model,
                 "The dashed lines are what forecasts that are right would show.",
                 Around("div",
                        Figure(CalibrationChart(row->curves->calibration),
                               "Calibration: ten groups of equal count by forecast. Above the "
                               "diagonal, more was recovered than forecast.") +
                            Figure(PitChart(row->curves->pit),
                                   "PIT histogram. A U says that the distributions are too narrow, "
                                   "a hill that they are too wide, a slope that they are biased."),
                        "charts"));
}

std::string SegmentSection(const EvaluationTable& table) {
  if (table.segments.empty()) return {};
  std::string body;
  std::string_view by;
  for (const SegmentFigures& segment : table.segments) {
    if (by != segment.by) {
      by = segment.by;
      body += "<tr class=\"group\"><th colspan=\"7\">" + Element("span", segment.by) + "</th></tr>";
    }
    body += SegmentRow(segment) + "\n";
  }
  return Section(
      "By segment: " + table.segmented_model,
      "Dot: coverage of the 80 % interval, which should lie on the dashed line. Ring: its "
      "mean width. R2 is against the mean of the segment itself.",
      ScrollingTable(Element("th", "segment", "text") + Element("th", "loans") +
                         Element("th", "R2") + Element("th", "bias") + Element("th", "coverage80") +
                         Element("th", "width80") + Around("th", SegmentAxis(), "chart"),
                     body));
}

std::string AblationSection(const EvaluationTable& table) {
  std::vector<DifferenceEstimate> differences;
  const auto is_ablation = [](const EvaluationRow& row) {
    const auto ablation = AblationOf(row.model);
    return ablation && row.to_second && row.to_second->compared_with == ablation->base;
  };
  for (const EvaluationRow& row : table.rows) {
    if (is_ablation(row)) differences.push_back(row.to_second->r_squared);
  }
  if (differences.empty()) return {};
  const LinearScale scale = ScaleOf(differences);
  std::string body;
  for (const EvaluationRow& row : table.rows) {
    if (!is_ablation(row)) continue;
    body += Around("tr", Element("th", row.model) +
                             Element("td", row.to_second->compared_with, "text") +
                             DifferenceCell(row.to_second->r_squared) +
                             Around("td", IntervalBar(row.to_second->r_squared, scale), "chart"));
  }
  return Section(
      "What the parts are worth",
      "R2 of the row minus R2 of the row with the part. To the left of 0 the part is "
      "worth something (red: whatever loans are drawn); around 0 it carries nothing that this "
      "test can show.",
      ScrollingTable(Element("th", "row", "text") + Element("th", "with it", "text") +
                         Element("th", "dR2 [95\u00a0%]") +
                         Around("th", IntervalAxis(scale), "chart"),
                     body));
}

std::string SeriesSection(const EvaluationTable& table) {
  if (table.series.empty()) return {};
  const std::vector<SeriesPoint> drawn = WithoutAblations(table.series);
  std::string legend;
  const std::vector<std::string> models = ModelsOf(drawn);
  for (std::size_t i = 0; i < models.size(); ++i) {
    legend += Element("span", models[i], SeriesStyle(i));
  }
  return Section(
      "R2 by year",
      "Each loan is forecast by models that knew only earlier outcomes. Rows without one of "
      "their parts are in the figures only.",
      Around("div", legend, "legend") + Around("div", SeriesChart(drawn), "wide") +
          Around("details", Element("summary", "The figures") + SeriesTable(table.series)));
}

std::string AllCurvesSection(const EvaluationTable& table) {
  std::string pictures;
  std::string figures;
  for (const EvaluationRow& row : table.rows) {
    if (!row.curves) continue;
    pictures += Around("div",
                       Element("h3", row.model) + CalibrationChart(row.curves->calibration) +
                           PitChart(row.curves->pit),
                       "pair");
    figures += Element("h3", row.model) + CalibrationTable(*row.curves) + PitTable(*row.curves);
  }
  if (pictures.empty()) return {};
  return Section(
      "Calibration and PIT of every row", "A constant forecast is a single group.",
      Around("details", Element("summary", "Pictures") + Around("div", pictures, "charts small")) +
          Around("details", Element("summary", "Figures") + figures));
}

std::string NoteSection(const EvaluationTable& table) {
  std::string items;
  for (const std::string& line : AbsentLines(table)) items += Element("li", line);
  for (const std::string& note : table.notes) items += Element("li", note);
  if (items.empty()) return {};
  return Section("Notes", "How the rows were made, and what they leave out.",
                 Around("ul", items, "notes"));
}

}  // namespace recoup::model
