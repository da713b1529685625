// The result of a comparison of models, as figures, as text for people, and as JSON.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/types/date.h"
#include "model/evaluation/bootstrap.h"
#include "model/evaluation/calibration_curve.h"
#include "model/evaluation/date_split.h"
#include "model/evaluation/model_predictions.h"
#include "model/evaluation/pit_histogram.h"
#include "model/evaluation/segment_figures.h"

namespace recoup::model {

/// Names of the rows, in their order; docs/evaluation.md says what each is.
namespace row {
inline constexpr const char* kMean = "mean";
inline constexpr const char* kRidge = "ridge";
inline constexpr const char* kBoostedOwn = "XGBoost own";
inline constexpr const char* kBoostedRelational = "XGBoost + relational aggregates";
inline constexpr const char* kNetwork = "network";
/// The members of the ensemble stand between base and ensemble, under MemberName.
inline constexpr const char* kBase = "base";
inline constexpr const char* kEnsemble = "ensemble";
inline constexpr const char* kEnsembleWithoutNetwork = "ensemble without network";
inline constexpr const char* kNetworkWithBase = "network that sees the base";
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
  double bias = 0.0;
  double pinball10 = 0.0;
  double pinball50 = 0.0;
  double pinball90 = 0.0;
};

/// What does not fit into a table: whether the means and the distributions are right.
struct RowCurves {
  std::array<double, kPitBins> pit{};
  std::vector<CalibrationGroup> calibration{};
};

/// One row minus another, on the same loans.
struct RowComparison {
  std::string compared_with;
  DifferenceEstimate r_squared;  // above 0: better
  DifferenceEstimate crps;       // below 0: better
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
  std::optional<RowCurves> curves{};
  /// CRPS minus that of XGBoost own; below 0 is better.
  std::optional<DifferenceEstimate> crps_difference{};
  /// To the mean of training; none for that row itself.
  std::optional<RowComparison> to_mean{};
  /// To the row that it was added with, such as the same model with all of its parts.
  std::optional<RowComparison> to_second{};
};

enum class AlarmKind : std::uint8_t {
  kUnbelievable,  // R2 higher than recovery is predictable
  kShuffled,      // shuffled edges beat no edges: something other than the edges leaks in
  kNoSkill,       // nothing beats the mean
  kNoted,         // said by whoever added the rows
};

/// A reason not to believe the table, shown above it.
struct Alarm {
  AlarmKind kind = AlarmKind::kNoted;
  std::string model;  // empty: the whole table
  std::string text;
};

/// R2 of one row in one year of a rolling evaluation.
struct SeriesPoint {
  std::string model;
  int year = 0;
  double r_squared = 0.0;
  std::size_t loans = 0;
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
  std::vector<Alarm> alarms{};
  /// The row that `segments` are of.
  std::string segmented_model{};
  std::vector<SegmentFigures> segments{};
  /// Of a rolling evaluation; empty otherwise.
  std::vector<SeriesPoint> series{};

  /// Returns the row of this name, or null.
  const EvaluationRow* Find(std::string_view model) const;
};

RowFigures MeasureFigures(std::span<const double> outcomes, const ModelPredictions& predictions);
RowCurves MeasureCurves(std::span<const double> outcomes, const ModelPredictions& predictions);

/// Says in words whether the interval of the difference leaves out 0; without an interval, that
/// nothing was judged, and why.
std::string VerdictOf(const DifferenceEstimate& difference,
                      std::string_view baseline = row::kBoostedOwn);

/// Four decimals; `-` for NaN.
std::string FormatFigure(double figure);

/// Returns the table with aligned columns, split and alarms above, segments and notes below;
/// without the curves.
std::string RenderText(const EvaluationTable& table);

/// Returns everything as one JSON object; figures have the four decimals of RenderText, null for
/// NaN.
std::string RenderJson(const EvaluationTable& table);

}  // namespace recoup::model
