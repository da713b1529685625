#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "model/evaluation/evaluation_table.h"

namespace recoup::model {
namespace {

EvaluationTable Table() {
  EvaluationTable table;
  table.rows.resize(3);
  table.rows[0] = {row::kMean, RowFigures{-0.06074, 0.23, 0.28, std::nan(""), 0.17, 0.75, 0.54},
                   DifferenceEstimate{-0.31, -0.42, -0.23},
                   "loses to XGBoost own: -0.3100 [-0.4200, -0.2300]", ""};
  table.rows[1] = {row::kBoostedOwn, RowFigures{0.25281, 0.185, 0.236, 0.52, 0.14, 0.66, 0.41},
                   std::nullopt, "the baseline", ""};
  table.rows[0].figures->bias = -0.01234;
  table.rows[1].figures->bias = 0.04561;
  table.rows[2] = {row::kNetwork, std::nullopt, std::nullopt, "", "no plug-in"};
  table.split_description = "by date";
  table.dates = DateSplit{Date(14610), Date(14975), Date(15156), std::nullopt};
  table.sizes = {18183, 7400, 6871, 2425};
  table.seeds = 3;
  table.clusters = 1200;
  table.bootstrap_draws = 1000;
  table.notes = {"a note"};
  return table;
}

TEST_CASE("JSON and text carry the same numbers") {
  const auto json = nlohmann::json::parse(RenderJson(Table()));
  const std::string text = RenderText(Table());
  for (const auto& line : json["rows"]) {
    for (const auto& [name, value] : line.items()) {
      if (value.is_number()) {
        INFO(name);
        CHECK(text.find(FormatFigure(value.get<double>())) != std::string::npos);
      }
    }
  }
  CHECK(json["rows"][0]["r2"] == -0.0607);
  CHECK(json["rows"][0]["spearman"].is_null());
  CHECK(json["rows"][0]["difference_to_xgboost_own"]["lower95"] == -0.42);
  CHECK(json["rows"][2]["absent_because"] == "no plug-in");
  CHECK(json["split"]["test"] == 6871);
  CHECK(json["split"]["dates"]["train_before"] == "2010-01-01");
  CHECK(json["seeds"] == 3);
  CHECK(json["notes"][0] == "a note");
}

TEST_CASE("The text shows split, sizes, rows, verdicts and notes") {
  const std::string text = RenderText(Table());
  CHECK(text.find("training 18183, validation 7400, test 6871") != std::string::npos);
  CHECK(text.find("loses to XGBoost own") != std::string::npos);
  CHECK(text.find("the baseline") != std::string::npos);
  CHECK(text.find("- absent: network: no plug-in") != std::string::npos);
  CHECK(text.find("- a note") != std::string::npos);
}

TEST_CASE("The text says from which groups was drawn, and what was not judged for want of them") {
  EvaluationTable table = Table();
  CHECK(RenderText(table).find("1200 lenders (or loans without one)") != std::string::npos);
  table.cluster_unit = ClusterUnit::kComponent;
  table.clusters = 7;
  table.rows[0].difference = DifferenceEstimate{-0.31, std::nan(""), std::nan("")};
  table.rows[0].verdict = VerdictOf(*table.rows[0].difference);
  const std::string text = RenderText(table);
  CHECK(text.find("draws of 7 groups of loans joined by debtors") != std::string::npos);
  CHECK(text.find("-0.3100 [-, -]  not judged: too few groups") != std::string::npos);
  const auto json = nlohmann::json::parse(RenderJson(table));
  CHECK(json["bootstrap"]["unit"] == "component");
  CHECK(json["rows"][0]["difference_to_xgboost_own"]["lower95"].is_null());
}

TEST_CASE("Columns of figures end at the same place in every row, in both tables") {
  std::istringstream lines(RenderText(Table()));
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("model ") || line.starts_with("mean ") ||
        line.starts_with("XGBoost own ")) {
      rows.push_back(line);
    }
  }
  REQUIRE(rows.size() == 6);
  const std::size_t r_squared = rows[0].find("R2") + 2;
  CHECK(rows[1].substr(r_squared - 7, 7) == "-0.0607");
  CHECK(rows[2].substr(r_squared - 6, 6) == "0.2528");
  const std::size_t bias = rows[3].find("bias") + 4;
  CHECK(rows[4].substr(bias - 7, 7) == "-0.0123");
  CHECK(rows[5].substr(bias - 6, 6) == "0.0456");
}

}  // namespace
}  // namespace recoup::model
