#include "model/evaluation/evaluation_table.h"

#include <cmath>
#include <cstdio>
#include <string_view>

#include "model/evaluation/metrics.h"
#include "model/evaluation/quantile_levels.h"

namespace recoup::model {

const EvaluationRow* EvaluationTable::Find(std::string_view model) const {
  for (const EvaluationRow& candidate : rows) {
    if (candidate.model == model) return &candidate;
  }
  return nullptr;
}

RowFigures MeasureFigures(std::span<const double> outcomes, const ModelPredictions& predictions) {
  const IntervalQuality intervals =
      QualityOfIntervals(outcomes, predictions.lower, predictions.upper);
  return {.r_squared = RSquared(outcomes, predictions.mean),
          .mae = MeanAbsoluteError(outcomes, predictions.mean),
          .rmse = RootMeanSquaredError(outcomes, predictions.mean),
          .spearman = SpearmanCorrelation(outcomes, predictions.mean),
          .crps = CrpsOfQuantiles(outcomes, predictions.quantiles),
          .coverage80 = intervals.coverage,
          .width80 = intervals.width,
          .bias = Bias(outcomes, predictions.mean),
          .pinball10 = MeanPinballLoss(outcomes, predictions.quantiles, kLevel10),
          .pinball50 = MeanPinballLoss(outcomes, predictions.quantiles, kLevel50),
          .pinball90 = MeanPinballLoss(outcomes, predictions.quantiles, kLevel90)};
}

RowCurves MeasureCurves(std::span<const double> outcomes, const ModelPredictions& predictions) {
  return {PitHistogram(outcomes, predictions.quantiles),
          CalibrationCurve(outcomes, predictions.mean)};
}

std::string FormatFigure(double figure) {
  if (std::isnan(figure)) return "-";
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.4f", figure);
  const std::string text = buffer;
  return text == "-0.0000" ? "0.0000" : text;
}

std::string VerdictOf(const DifferenceEstimate& difference, std::string_view baseline) {
  if (std::isnan(difference.value)) return "not judged: R2 is not defined";
  if (std::isnan(difference.lower) || std::isnan(difference.upper)) {
    return "not judged: too few groups";
  }
  const std::string figures = FormatFigure(difference.value) + " [" +
                              FormatFigure(difference.lower) + ", " +
                              FormatFigure(difference.upper) + "]";
  const std::string name(baseline);
  if (difference.lower > 0.0) return "beats " + name + ": " + figures;
  if (difference.upper < 0.0) return "loses to " + name + ": " + figures;
  return "no difference to " + name + " shown: " + figures;
}

}  // namespace recoup::model
