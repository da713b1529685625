// The result of a comparison of models, as figures, as text for people, and as JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/types/date.h"
#include "model/evaluation/bootstrap.h"
#include "model/evaluation/date_split.h"
#include "model/evaluation/model_predictions.h"

namespace recoup::model {

/// Names of the rows, in their order; docs/evaluation.md says what each is.
namespace row {
inline constexpr const char* kMean = "mean";
inline constexpr const char* kRidge = "ridge";
inline constexpr const char* kBoostedOwn = "XGBoost own";
inline constexpr const char* kBoostedRelational = "XGBoost + relational aggregates";
inline constexpr const char* kNetwork = "network";
inline constexpr const char* kNetworkWithoutEdges = "network without edges";
inline constexpr const char* kNetworkShuffledEdges = "network with shuffled edges";
}  // namespace row

/// Figures on the test slice (model/evaluation/metrics.h); NaN where not defined.
struct RowFigures {
  double r_squared = 0.0;
  double mae = 0.0;
  double rmse = 0.0;
  double spearman = 0.0;
  double crps = 0.0;
  double coverage80 = 0.0;
  double width80 = 0.0;
};

/// One model. Either it has figures, or `absent_because` says why not.
struct EvaluationRow {
  std::string model;
  std::optional<RowFigures> figures;
  /// R2 minus that of XGBoost own; none for XGBoost own itself.
  std::optional<DifferenceEstimate> difference;
  /// Such as `loses to XGBoost own: -0.0600 [-0.1000, -0.0200]`.
  std::string verdict;
  std::string absent_because;
};

struct PartSizes {
  std::size_t training = 0;
  std::size_t validation = 0;
  std::size_t test = 0;
  std::size_t left_out = 0;
};

struct EvaluationTable {
  std::vector<EvaluationRow> rows;
  std::string split_description;
  std::optional<DateSplit> dates;  // none: not split by date
  PartSizes sizes;
  int seeds = 0;
  /// Groups that the bootstrap drew from, and how often.
  std::size_t clusters = 0;
  ClusterUnit cluster_unit = ClusterUnit::kLender;
  int bootstrap_draws = 0;
  std::vector<std::string> notes;

  /// Returns the row of this name, or null.
  const EvaluationRow* Find(std::string_view model) const;
};

RowFigures MeasureFigures(std::span<const double> outcomes, const ModelPredictions& predictions);

/// Says in words whether the interval of the difference leaves out 0; without an interval, that
/// nothing was judged, and why.
std::string VerdictOf(const DifferenceEstimate& difference);

/// Four decimals; `-` for NaN.
std::string FormatFigure(double figure);

/// Returns the table with aligned columns, the split above and the notes below.
std::string RenderText(const EvaluationTable& table);

/// Returns the same as one JSON object; figures have the four decimals of RenderText, null for NaN.
std::string RenderJson(const EvaluationTable& table);

}  // namespace recoup::model
