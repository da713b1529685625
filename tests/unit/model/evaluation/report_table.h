// A small table in which every part of a report has something to show.
#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "model/evaluation/evaluation_table.h"

namespace recoup::model::testing {

inline EvaluationRow ReportRow(std::string model, double r_squared) {
  EvaluationRow row;
  row.model = std::move(model);
  row.figures = RowFigures{.r_squared = r_squared,
                           .mae = 0.2418,
                           .rmse = 0.2971,
                           .spearman = std::nan(""),
                           .crps = 0.1712,
                           .coverage80 = 0.7934,
                           .width80 = 0.6521,
                           .bias = -0.0123,
                           .pinball10 = 0.0311,
                           .pinball50 = 0.1209,
                           .pinball90 = 0.0477};
  row.curves = RowCurves{};
  for (std::size_t i = 0; i < row.curves->pit.size(); ++i) {
    row.curves->pit[i] = 0.055 + 0.01 * static_cast<double>(i);
  }
  row.curves->calibration = {{0.0812, 0.0633, 41}, {0.3127, 0.3502, 42}, {0.9713, 0.9905, 40}};
  return row;
}

/// Rows with figures, with an interval, without bounds, and absent; two segments of one division
/// and one of another; two alarms; two models over three years.
inline EvaluationTable ReportTable() {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  EvaluationTable table;
  table.rows = {ReportRow(row::kMean, -0.0607), ReportRow(row::kBoostedOwn, 0.2528),
                ReportRow(row::kNetwork, 0.2719), ReportRow(row::kNetworkWithoutEdges, 0.2465)};
  table.rows[0].difference = DifferenceEstimate{-0.3135, -0.4211, -0.2302};
  table.rows[0].verdict = "loses to XGBoost own: -0.3135 [-0.4211, -0.2302]";
  table.rows[1].verdict = "the baseline";
  table.rows[1].to_mean =
      RowComparison{row::kMean, {0.3135, 0.2302, 0.4211}, {-0.05, -0.06, -0.04}};
  table.rows[2].difference = DifferenceEstimate{0.0191, kNan, kNan};
  table.rows[2].crps_difference = DifferenceEstimate{-0.0041, -0.0083, -0.0007};
  table.rows[2].verdict = "not judged: too few groups";
  table.rows[3].to_second =
      RowComparison{row::kNetwork, {-0.0254, -0.0391, -0.0116}, {0.0022, 0.0009, 0.0037}};
  EvaluationRow& absent = table.rows.emplace_back();
  absent.model = row::kEnsemble;
  absent.absent_because = "the ledger is empty";
  table.split_description = "by date";
  table.dates = DateSplit{Date(14610), Date(14975), Date(15156), Date(16000)};
  table.sizes = {18183, 7400, 6871, 2425};
  table.seeds = 3;
  table.clusters = 1200;
  table.bootstrap_draws = 1000;
  table.notes = {"a note"};
  table.alarms = {{AlarmKind::kNoSkill, "", "NO SKILL: nothing helps"},
                  {AlarmKind::kUnbelievable, row::kNetwork, "R2 of 0.9137"}};
  table.segmented_model = row::kNetwork;
  table.segments = {{"loan_class", "secured", 4012, 0.2107, -0.0303, 0.8104, 0.6009},
                    {"loan_class", "unsecured", 2859, 0.1604, 0.0202, 0.7702, 0.5508},
                    {"size", "small", 2290, kNan, 0.0101, kNan, kNan}};
  table.series = {{row::kBoostedOwn, 2010, 0.1903, 812}, {row::kNetwork, 2010, 0.2206, 812},
                  {row::kBoostedOwn, 2011, kNan, 3},     {row::kNetwork, 2011, -1.3408, 3},
                  {row::kBoostedOwn, 2012, 0.2102, 905}, {row::kNetwork, 2012, 0.2311, 905}};
  return table;
}

}  // namespace recoup::model::testing
