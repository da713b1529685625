#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "model/evaluation/leak_check.h"

namespace recoup::model {
namespace {

LeakReport Report() {
  LeakReport report;
  report.validation_r_squared = 0.431;
  report.test_r_squared = std::nan("");
  report.lift_threshold = 0.05;
  report.findings = {{"term", false, 0.069, 0.072, 0.21, true},
                     {"size", true, 0.01, 0, 0.1, false}};
  report.notes = {"a note"};
  return report;
}

TEST_CASE("A leak report in words names the flagged attributes") {
  const std::string text = RenderText(Report());
  CHECK(text.find("0.4310 on validation, - on test") != std::string::npos);
  CHECK(text.find("flagged: rightly forbidden") != std::string::npos);
  CHECK(text.find("FLAGGED") == std::string::npos);
  CHECK(text.find("ALARM") == std::string::npos);
  CHECK(text.find("- a note") != std::string::npos);
}

TEST_CASE("An alarm and a flagged input are loud") {
  LeakReport report = Report();
  report.alarm = true;
  report.findings[1].flagged = true;
  const std::string text = RenderText(report);
  CHECK(text.find("ALARM") != std::string::npos);
  CHECK(text.find("FLAGGED") != std::string::npos);
}

TEST_CASE("A leak report as JSON carries the same figures") {
  const auto json = nlohmann::json::parse(RenderJson(Report()));
  CHECK(json["validation_r2"] == 0.431);
  CHECK(json["test_r2"].is_null());
  CHECK(json["findings"][0]["attribute"] == "term");
  CHECK(json["findings"][0]["role"] == "forbidden");
  CHECK(json["findings"][0]["lift_test"] == 0.072);
  CHECK(json["findings"][1]["flagged"] == false);
}

}  // namespace
}  // namespace recoup::model
