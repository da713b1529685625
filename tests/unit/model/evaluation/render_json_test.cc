#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "model/evaluation/evaluation_table.h"
#include "tests/unit/model/evaluation/report_table.h"

namespace recoup::model {
namespace {

using Json = nlohmann::json;

Json Parsed(const EvaluationTable& table) { return Json::parse(RenderJson(table)); }

TEST_CASE("What is not defined is null, and never NaN") {
  const EvaluationTable table = testing::ReportTable();
  const Json json = Parsed(table);
  CHECK(json["rows"][0]["spearman"].is_null());
  CHECK(json["rows"][2]["difference_to_xgboost_own"]["r2"] == 0.0191);
  CHECK(json["rows"][2]["difference_to_xgboost_own"]["lower95"].is_null());
  CHECK(json["segments"][2]["r2"].is_null());
  CHECK(json["series"][2]["r2"].is_null());
  CHECK(RenderJson(table).find("nan") == std::string::npos);
}

TEST_CASE("Figures have four decimals, and no zero is negative") {
  EvaluationTable table = testing::ReportTable();
  table.rows[0].figures->r_squared = 0.123456;
  table.rows[0].figures->bias = -0.00001;
  CHECK(Parsed(table)["rows"][0]["r2"] == 0.1235);
  CHECK(RenderJson(table).find("\"bias\": 0.0,") != std::string::npos);
}

TEST_CASE("Rows have differences under the names of what they are compared with") {
  const Json rows = Parsed(testing::ReportTable())["rows"];
  CHECK(rows[2]["difference_to_xgboost_own"]["crps_lower95"] == -0.0083);
  CHECK(rows[1]["difference_to_mean"]["upper95"] == 0.4211);
  CHECK(rows[1]["difference_to_mean"]["crps"] == -0.05);
  CHECK(rows[3]["compared_with"] == "network");
  CHECK(rows[3]["difference_to_compared"]["r2"] == -0.0254);
  CHECK(rows[3]["difference_to_compared"]["crps_upper95"] == 0.0037);
  CHECK_FALSE(rows[1].contains("difference_to_xgboost_own"));
  CHECK(rows[4] == Json{{"model", "ensemble"}, {"absent_because", "the ledger is empty"}});
}

TEST_CASE("Curves, segments, series and alarms are complete") {
  const Json json = Parsed(testing::ReportTable());
  const Json& curves = json["rows"][0]["curves"];
  CHECK(curves["pit"].size() == kPitBins);
  CHECK(curves["pit"][9] == 0.145);
  CHECK(curves["calibration"][1] == Json{{"forecast", 0.3127}, {"outcome", 0.3502}, {"loans", 42}});
  CHECK(json["segmented_model"] == "network");
  CHECK(json["segments"][0] == Json{{"by", "loan_class"},
                                    {"segment", "secured"},
                                    {"loans", 4012},
                                    {"r2", 0.2107},
                                    {"bias", -0.0303},
                                    {"coverage80", 0.8104},
                                    {"width80", 0.6009}});
  CHECK(json["series"][3] ==
        Json{{"model", "network"}, {"year", 2011}, {"loans", 3}, {"r2", -1.3408}});
  CHECK(json["alarms"][1] ==
        Json{{"kind", "unbelievable_r2"}, {"model", "network"}, {"text", "R2 of 0.9137"}});
  CHECK(json["split"]["dates"]["test_before"] == "2013-10-22");
}

TEST_CASE("A table with nothing in it is JSON too") {
  const Json json = Parsed({});
  CHECK(json["rows"].is_array());
  CHECK(json["alarms"].empty());
  CHECK_FALSE(json.contains("series"));
  CHECK_FALSE(json["split"].contains("dates"));
}

TEST_CASE("Names that are not UTF-8 or not plain do not break it") {
  EvaluationTable table;
  table.notes = {
      "a\xff"
      "b",
      "\"quoted\"\n\x01"};
  const Json json = Parsed(table);
  CHECK(json["notes"][0] ==
        "a\xef\xbf\xbd"
        "b");
  CHECK(json["notes"][1] == "\"quoted\"\n\x01");
}

}  // namespace
}  // namespace recoup::model
