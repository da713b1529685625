// The two renderings of an EvaluationTable. Both print the figures of FormatFigure.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/evaluation/evaluation_table.h"

namespace recoup::model {
namespace {

using Json = nlohmann::ordered_json;
using Cells = std::vector<std::string>;

constexpr std::array kColumns = {"model",      "R2",       "MAE",
                                 "RMSE",       "Spearman", "CRPS",
                                 "coverage80", "width80",  "dR2 to XGBoost own [95 %]",
                                 "verdict"};

std::array<double, 7> FiguresInOrder(const RowFigures& figures) {
  return {figures.r_squared, figures.mae,        figures.rmse,   figures.spearman,
          figures.crps,      figures.coverage80, figures.width80};
}

std::string DifferenceText(const std::optional<DifferenceEstimate>& difference) {
  if (!difference) return "-";
  return FormatFigure(difference->value) + " [" + FormatFigure(difference->lower) + ", " +
         FormatFigure(difference->upper) + "]";
}

/// What the bootstrap drew from.
std::string GroupsText(const EvaluationTable& table) {
  const std::string count = std::to_string(table.clusters);
  if (table.cluster_unit == ClusterUnit::kLender) return count + " lenders (or loans without one)";
  return count +
         " groups of loans joined by debtors, guarantors or collateral (too few lenders to draw "
         "from)";
}

/// The verdict without its figures, which have a column of their own.
std::string VerdictWords(const std::string& verdict) {
  if (verdict.starts_with("not judged")) return verdict;
  return verdict.substr(0, verdict.find(':'));
}

Cells CellsOf(const EvaluationRow& row) {
  Cells cells = {row.model};
  if (row.figures) {
    for (const double figure : FiguresInOrder(*row.figures)) cells.push_back(FormatFigure(figure));
    cells.push_back(DifferenceText(row.difference));
    cells.push_back(VerdictWords(row.verdict));
  } else {
    cells.resize(kColumns.size() - 1, "-");
    cells.push_back("absent, see below");
  }
  return cells;
}

std::string Aligned(const std::vector<Cells>& lines) {
  std::array<std::size_t, kColumns.size()> widths{};
  for (const Cells& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const Cells& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string padding(widths[i] - line[i].size(), ' ');
      const bool is_text = i == 0 || i + 1 == line.size();
      text += is_text ? line[i] : padding + line[i];
      if (i + 1 < line.size()) text += (i == 0 ? padding : "") + "  ";
    }
    text += '\n';
  }
  return text;
}

/// One line for each reason, with the rows that it keeps away.
std::string AbsentText(const EvaluationTable& table) {
  std::vector<std::pair<std::string, std::string>> reasons;
  for (const EvaluationRow& row : table.rows) {
    if (row.figures) continue;
    const auto known = std::find_if(reasons.begin(), reasons.end(), [&](const auto& reason) {
      return reason.first == row.absent_because;
    });
    if (known == reasons.end()) {
      reasons.emplace_back(row.absent_because, row.model);
    } else {
      known->second += ", " + row.model;
    }
  }
  std::string text;
  for (const auto& [reason, models] : reasons) text += "- absent: " + models + ": " + reason + '\n';
  return text;
}

Json Number(double figure) {
  if (std::isnan(figure)) return nullptr;
  return std::strtod(FormatFigure(figure).c_str(), nullptr);
}

Json JsonOf(const EvaluationRow& row) {
  Json json = {{"model", row.model}};
  if (!row.figures) {
    json["absent_because"] = row.absent_because;
    return json;
  }
  const RowFigures& figures = *row.figures;
  json["r2"] = Number(figures.r_squared);
  json["mae"] = Number(figures.mae);
  json["rmse"] = Number(figures.rmse);
  json["spearman"] = Number(figures.spearman);
  json["crps"] = Number(figures.crps);
  json["coverage80"] = Number(figures.coverage80);
  json["width80"] = Number(figures.width80);
  if (row.difference) {
    json["difference_to_xgboost_own"] = {{"r2", Number(row.difference->value)},
                                         {"lower95", Number(row.difference->lower)},
                                         {"upper95", Number(row.difference->upper)}};
  }
  json["verdict"] = row.verdict;
  return json;
}

Json JsonOf(const DateSplit& dates) {
  Json json = {{"train_before", dates.train_before.ToString()},
               {"validation_before", dates.validation_before.ToString()},
               {"test_from", dates.test_from.ToString()}};
  if (dates.test_before) json["test_before"] = dates.test_before->ToString();
  return json;
}

}  // namespace

std::string RenderText(const EvaluationTable& table) {
  std::string text = "Split: " + table.split_description + "\nLoans: training " +
                     std::to_string(table.sizes.training) + ", validation " +
                     std::to_string(table.sizes.validation) + ", test " +
                     std::to_string(table.sizes.test) + ", left out " +
                     std::to_string(table.sizes.left_out) +
                     "\nSeeds: " + std::to_string(table.seeds) +
                     "; bootstrap: " + std::to_string(table.bootstrap_draws) + " draws of " +
                     GroupsText(table) + "\n\n";
  std::vector<Cells> lines = {Cells(kColumns.begin(), kColumns.end())};
  for (const EvaluationRow& row : table.rows) lines.push_back(CellsOf(row));
  text += Aligned(lines);
  text += '\n' + AbsentText(table);
  for (const std::string& note : table.notes) text += "- " + note + '\n';
  return text;
}

std::string RenderJson(const EvaluationTable& table) {
  Json json;
  json["split"] = {{"description", table.split_description},
                   {"training", table.sizes.training},
                   {"validation", table.sizes.validation},
                   {"test", table.sizes.test},
                   {"left_out", table.sizes.left_out}};
  if (table.dates) json["split"]["dates"] = JsonOf(*table.dates);
  json["seeds"] = table.seeds;
  json["bootstrap"] = {
      {"draws", table.bootstrap_draws},
      {"clusters", table.clusters},
      {"unit", table.cluster_unit == ClusterUnit::kLender ? "lender" : "component"}};
  json["rows"] = Json::array();
  for (const EvaluationRow& row : table.rows) json["rows"].push_back(JsonOf(row));
  json["notes"] = table.notes;
  // Invalid UTF-8 is replaced, not thrown at: names come from data.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace recoup::model
