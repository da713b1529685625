// Whether loans that were forecast alike turned out, on average, as forecast.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace recoup::model {

/// Loans with neighbouring forecasts.
struct CalibrationGroup {
  double forecast = 0.0;  // mean of the forecasts
  double outcome = 0.0;   // mean of the outcomes
  std::size_t loans = 0;
};

/// Cuts the loans, ordered by their forecast, into `groups` of equal count (docs/evaluation.md,
/// E-13). Loans with the same forecast are never separated, so there are fewer groups where many
/// tie; a constant forecast is one group.
std::vector<CalibrationGroup> CalibrationCurve(std::span<const double> outcomes,
                                               std::span<const double> predictions,
                                               std::size_t groups = 10);

}  // namespace recoup::model
