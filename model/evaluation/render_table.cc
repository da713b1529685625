// An EvaluationTable as text for a terminal.
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "model/evaluation/evaluation_table.h"
#include "model/evaluation/figure_columns.h"
#include "model/evaluation/table_words.h"

namespace recoup::model {
namespace {

using Cells = std::vector<std::string>;

constexpr const char* kRule =
    "********************************************************************************\n";

/// Aligns the first `texts` columns and, if `last_is_text`, the last one to the left.
struct Alignment {
  std::size_t texts = 1;
  bool last_is_text = false;
};

std::string Aligned(const std::vector<Cells>& lines, Alignment alignment) {
  std::vector<std::size_t> widths(lines.front().size());
  for (const Cells& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const Cells& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const bool is_last = i + 1 == line.size();
      const std::string padding(widths[i] - line[i].size(), ' ');
      if (i < alignment.texts) {
        text += line[i] + padding;
      } else {
        text += is_last && alignment.last_is_text ? line[i] : padding + line[i];
      }
      text += is_last ? "\n" : "  ";
    }
  }
  return text;
}

Cells MainCells(const EvaluationRow& row) {
  Cells cells = {row.model};
  if (!row.figures) {
    cells.resize(kMainFigures.size() + 2, "-");
    cells.emplace_back("absent, see below");
    return cells;
  }
  for (const FigureColumn& column : kMainFigures) {
    cells.push_back(FormatFigure((*row.figures).*column.figure));
  }
  cells.push_back(DifferenceText(row.difference));
  cells.push_back(VerdictWords(row.verdict));
  return cells;
}

std::string MainTable(const EvaluationTable& table) {
  Cells header = {"model"};
  for (const FigureColumn& column : kMainFigures) header.emplace_back(column.title);
  header.emplace_back("dR2 to XGBoost own [95 %]");
  header.emplace_back("verdict");
  std::vector<Cells> lines = {std::move(header)};
  for (const EvaluationRow& row : table.rows) lines.push_back(MainCells(row));
  return Aligned(lines, {.texts = 1, .last_is_text = true});
}

std::string SecondText(const std::optional<RowComparison>& second) {
  if (!second) return "-";
  return DifferenceText(second->r_squared) + " CRPS " + DifferenceText(second->crps) + " to " +
         second->compared_with;
}

std::string SecondTable(const EvaluationTable& table) {
  Cells header = {"model"};
  for (const FigureColumn& column : kMoreFigures) header.emplace_back(column.title);
  header.emplace_back("dCRPS to XGBoost own [95 %]");
  header.emplace_back("dR2 to mean [95 %]");
  header.emplace_back("dCRPS to mean [95 %]");
  header.emplace_back("dR2 and dCRPS to another row");
  std::vector<Cells> lines = {std::move(header)};
  for (const EvaluationRow& row : table.rows) {
    if (!row.figures) continue;
    Cells& cells = lines.emplace_back(Cells{row.model});
    for (const FigureColumn& column : kMoreFigures) {
      cells.push_back(FormatFigure((*row.figures).*column.figure));
    }
    const auto& mean = row.to_mean;
    cells.push_back(DifferenceText(row.crps_difference));
    cells.push_back(mean ? DifferenceText(mean->r_squared) : "-");
    cells.push_back(mean ? DifferenceText(mean->crps) : "-");
    cells.push_back(SecondText(row.to_second));
  }
  return Aligned(lines, {.texts = 1, .last_is_text = true});
}

std::string SegmentTable(const EvaluationTable& table) {
  if (table.segments.empty()) return {};
  std::vector<Cells> lines = {{"by", "segment", "loans", "R2", "bias", "coverage80", "width80"}};
  for (const SegmentFigures& segment : table.segments) {
    lines.push_back({segment.by, segment.segment, std::to_string(segment.loans),
                     FormatFigure(segment.r_squared), FormatFigure(segment.bias),
                     FormatFigure(segment.coverage80), FormatFigure(segment.width80)});
  }
  return "\nBy segment: " + table.segmented_model + "\n" + Aligned(lines, {.texts = 2});
}

std::string SeriesTable(const EvaluationTable& table) {
  if (table.series.empty()) return {};
  std::vector<Cells> lines = {{"model", "year", "loans", "R2"}};
  for (const SeriesPoint& point : table.series) {
    lines.push_back({point.model, std::to_string(point.year), std::to_string(point.loans),
                     FormatFigure(point.r_squared)});
  }
  return "\nBy year\n" + Aligned(lines, {.texts = 1});
}

std::string AlarmText(const EvaluationTable& table) {
  if (table.alarms.empty()) return {};
  std::string text = kRule;
  for (const Alarm& alarm : table.alarms) text += "*** ALARM: " + alarm.text + '\n';
  return text + kRule + '\n';
}

}  // namespace

std::string RenderText(const EvaluationTable& table) {
  std::string text = AlarmText(table);
  text += "Split: " + table.split_description + "\nLoans: training " +
          std::to_string(table.sizes.training) + ", validation " +
          std::to_string(table.sizes.validation) + ", test " + std::to_string(table.sizes.test) +
          ", left out " + std::to_string(table.sizes.left_out) +
          "\nSeeds: " + std::to_string(table.seeds) +
          "; bootstrap: " + std::to_string(table.bootstrap_draws) + " draws of " +
          GroupsText(table) + "\n\n";
  text += MainTable(table) + '\n' + SecondTable(table);
  text += SegmentTable(table) + SeriesTable(table) + '\n';
  for (const std::string& line : AbsentLines(table)) text += "- " + line + '\n';
  for (const std::string& note : table.notes) text += "- " + note + '\n';
  return text;
}

}  // namespace recoup::model
