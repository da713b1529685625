#include "model/evaluation/evaluation_table.h"

#include <cmath>
#include <cstdio>
#include <string_view>

#include "model/evaluation/metrics.h"

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
          .width80 = intervals.width};
}

std::string FormatFigure(double figure) {
  if (std::isnan(figure)) return "-";
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.4f", figure);
  const std::string text = buffer;
  return text == "-0.0000" ? "0.0000" : text;
}

std::string VerdictOf(const DifferenceEstimate& difference) {
  if (std::isnan(difference.value)) return "not judged: R2 is not defined";
  if (std::isnan(difference.lower) || std::isnan(difference.upper)) {
    return "not judged: too few groups";
  }
  const std::string figures = FormatFigure(difference.value) + " [" +
                              FormatFigure(difference.lower) + ", " +
                              FormatFigure(difference.upper) + "]";
  if (difference.lower > 0.0) return std::string("beats ") + row::kBoostedOwn + ": " + figures;
  if (difference.upper < 0.0) return std::string("loses to ") + row::kBoostedOwn + ": " + figures;
  return std::string("no difference to ") + row::kBoostedOwn + " shown: " + figures;
}

}  // namespace recoup::model
