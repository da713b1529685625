// An EvaluationTable as JSON: every figure that text and HTML show.
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "model/evaluation/alarms.h"
#include "model/evaluation/evaluation_table.h"
#include "model/evaluation/figure_columns.h"

namespace recoup::model {
namespace {

using Json = nlohmann::ordered_json;

Json Number(double figure) {
  if (std::isnan(figure)) return nullptr;
  return AsShown(figure);
}

void AddInterval(const DifferenceEstimate& difference, const std::string& prefix,
                 std::string_view value_name, Json& json) {
  json[std::string(value_name)] = Number(difference.value);
  json[prefix + "lower95"] = Number(difference.lower);
  json[prefix + "upper95"] = Number(difference.upper);
}

Json JsonOf(const RowComparison& comparison) {
  Json json = Json::object();
  AddInterval(comparison.r_squared, "", "r2", json);
  AddInterval(comparison.crps, "crps_", "crps", json);
  return json;
}

Json JsonOf(const RowCurves& curves) {
  Json json = {{"pit", Json::array()}, {"calibration", Json::array()}};
  for (const double share : curves.pit) json["pit"].push_back(Number(share));
  for (const CalibrationGroup& group : curves.calibration) {
    json["calibration"].push_back({{"forecast", Number(group.forecast)},
                                   {"outcome", Number(group.outcome)},
                                   {"loans", group.loans}});
  }
  return json;
}

Json JsonOf(const EvaluationRow& row) {
  Json json = {{"model", row.model}};
  if (!row.figures) {
    json["absent_because"] = row.absent_because;
    return json;
  }
  for (const FigureColumn& column : kMainFigures) {
    json[column.name] = Number((*row.figures).*column.figure);
  }
  for (const FigureColumn& column : kMoreFigures) {
    json[column.name] = Number((*row.figures).*column.figure);
  }
  if (row.difference) {
    Json& own = json["difference_to_xgboost_own"] = Json::object();
    AddInterval(*row.difference, "", "r2", own);
    if (row.crps_difference) AddInterval(*row.crps_difference, "crps_", "crps", own);
  }
  if (row.to_mean) json["difference_to_mean"] = JsonOf(*row.to_mean);
  if (row.to_second) {
    json["compared_with"] = row.to_second->compared_with;
    json["difference_to_compared"] = JsonOf(*row.to_second);
  }
  json["verdict"] = row.verdict;
  if (row.curves) json["curves"] = JsonOf(*row.curves);
  return json;
}

Json JsonOf(const DateSplit& dates) {
  Json json = {{"train_before", dates.train_before.ToString()},
               {"validation_before", dates.validation_before.ToString()},
               {"test_from", dates.test_from.ToString()}};
  if (dates.test_before) json["test_before"] = dates.test_before->ToString();
  return json;
}

Json JsonOf(const Alarm& alarm) {
  return {{"kind", AlarmKindName(alarm.kind)}, {"model", alarm.model}, {"text", alarm.text}};
}

Json JsonOf(const SegmentFigures& segment) {
  return {{"by", segment.by},
          {"segment", segment.segment},
          {"loans", segment.loans},
          {"r2", Number(segment.r_squared)},
          {"bias", Number(segment.bias)},
          {"coverage80", Number(segment.coverage80)},
          {"width80", Number(segment.width80)}};
}

Json JsonOf(const SeriesPoint& point) {
  return {{"model", point.model},
          {"year", point.year},
          {"loans", point.loans},
          {"r2", Number(point.r_squared)}};
}

template <typename Items>
Json ArrayOf(const Items& items) {
  Json json = Json::array();
  for (const auto& item : items) json.push_back(JsonOf(item));
  return json;
}

}  // namespace

std::string RenderJson(const EvaluationTable& table) {
  Json json;
  json["alarms"] = ArrayOf(table.alarms);
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
  json["rows"] = ArrayOf(table.rows);
  json["segmented_model"] = table.segmented_model;
  json["segments"] = ArrayOf(table.segments);
  if (!table.series.empty()) json["series"] = ArrayOf(table.series);
  json["notes"] = table.notes;
  // Invalid UTF-8 is replaced, not thrown at: names come from data.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace recoup::model
