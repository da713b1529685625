// The figures of a row, named once for text, JSON and HTML.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "model/evaluation/evaluation_table.h"

namespace recoup::model {

/// Which of two figures is the better one.
enum class Better : std::uint8_t {
  kHigher,
  kLower,
  kNearerToTarget,  // FigureColumn::target
  kNeither,         // says nothing alone
};

struct FigureColumn {
  const char* title;  // for people
  const char* name;   // in JSON
  double RowFigures::*figure;
  Better better;
  double target = 0.0;
};

/// The figures of the main table.
inline constexpr std::array kMainFigures = {
    FigureColumn{"R2", "r2", &RowFigures::r_squared, Better::kHigher},
    FigureColumn{"MAE", "mae", &RowFigures::mae, Better::kLower},
    FigureColumn{"RMSE", "rmse", &RowFigures::rmse, Better::kLower},
    FigureColumn{"Spearman", "spearman", &RowFigures::spearman, Better::kHigher},
    FigureColumn{"CRPS", "crps", &RowFigures::crps, Better::kLower},
    FigureColumn{"coverage80", "coverage80", &RowFigures::coverage80, Better::kNearerToTarget, 0.8},
    FigureColumn{"width80", "width80", &RowFigures::width80, Better::kNeither}};

/// Those of the second table.
inline constexpr std::array kMoreFigures = {
    FigureColumn{"bias", "bias", &RowFigures::bias, Better::kNearerToTarget},
    FigureColumn{"pinball10", "pinball10", &RowFigures::pinball10, Better::kLower},
    FigureColumn{"pinball50", "pinball50", &RowFigures::pinball50, Better::kLower},
    FigureColumn{"pinball90", "pinball90", &RowFigures::pinball90, Better::kLower}};

/// Returns the best figure of this column among the rows, to the four decimals that are shown; none
/// where nothing is better.
std::optional<double> BestFigure(const EvaluationTable& table, const FigureColumn& column);

/// Rounds to four decimals, as FormatFigure does.
double AsShown(double figure);

}  // namespace recoup::model
