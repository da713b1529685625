#include "model/evaluation/figure_columns.h"

#include <cmath>
#include <cstdlib>

namespace recoup::model {
namespace {

/// Lower is better.
double Badness(const FigureColumn& column, double figure) {
  switch (column.better) {
    case Better::kHigher:
      return -figure;
    case Better::kNearerToTarget:
      return std::abs(figure - column.target);
    case Better::kLower:
    case Better::kNeither:
      break;
  }
  return figure;
}

}  // namespace

double AsShown(double figure) {
  return std::isnan(figure) ? figure : std::strtod(FormatFigure(figure).c_str(), nullptr);
}

std::optional<double> BestFigure(const EvaluationTable& table, const FigureColumn& column) {
  if (column.better == Better::kNeither) return std::nullopt;
  std::optional<double> best;
  for (const EvaluationRow& row : table.rows) {
    if (!row.figures) continue;
    const double figure = AsShown((*row.figures).*column.figure);
    if (std::isnan(figure)) continue;
    if (!best || Badness(column, figure) < Badness(column, *best)) best = figure;
  }
  return best;
}

}  // namespace recoup::model
