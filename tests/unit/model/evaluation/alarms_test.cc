#include "model/evaluation/alarms.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>

namespace recoup::model {
namespace {

/// A row with this R2 that beats `mean` by an interval from `lower` on.
EvaluationRow Row(std::string name, double r_squared, double lower = 0.01) {
  EvaluationRow row;
  row.model = std::move(name);
  row.figures = RowFigures{.r_squared = r_squared};
  row.to_mean = RowComparison{row::kMean, {0.1, lower, 0.2}, {}};
  return row;
}

EvaluationTable Table(std::vector<EvaluationRow> rows) {
  EvaluationTable table;
  table.rows = std::move(rows);
  return table;
}

TEST_CASE("A table with honest skill raises no alarm") {
  CHECK(FindAlarms(Table({Row(row::kBoostedOwn, 0.25)})).empty());
  CHECK(FindAlarms({}).empty());
}

TEST_CASE("An R2 above .5 is not believed") {
  const auto alarms = FindAlarms(Table({Row(row::kNetwork, 0.5001), Row(row::kRidge, 0.5)}));
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].kind == AlarmKind::kUnbelievable);
  CHECK(alarms[0].model == row::kNetwork);
  CHECK(alarms[0].text.find("0.5001") != std::string::npos);
}

TEST_CASE("Shuffled edges that beat no edges by .01 raise an alarm, by less they do not") {
  const auto with_lead = [](double r_squared) {
    return FindAlarms(
        Table({Row(row::kNetworkWithoutEdges, 0.25), Row(row::kNetworkShuffledEdges, r_squared)}));
  };
  REQUIRE(with_lead(0.26).size() == 1);
  CHECK(with_lead(0.26)[0].kind == AlarmKind::kShuffled);
  CHECK(with_lead(0.26)[0].model == row::kNetworkShuffledEdges);
  CHECK(with_lead(0.2599).empty());
  CHECK(with_lead(0.2).empty());
  CHECK(with_lead(std::nan("")).empty());
}

TEST_CASE("Shuffled parts are compared within their own model only") {
  CHECK(FindAlarms(Table({Row("network without edges", 0.1), Row("ensemble shuffled", 0.3)}))
            .empty());
  CHECK(FindAlarms(Table({Row("ensemble without edges", 0.1), Row("ensemble shuffled", 0.3)}))
            .size() == 1);
}

TEST_CASE("No skill is said plainly when no row beats the mean") {
  const auto alarms =
      FindAlarms(Table({Row(row::kRidge, 0.1, 0.0), Row(row::kNetwork, 0.1, -0.1)}));
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].kind == AlarmKind::kNoSkill);
  CHECK(alarms[0].text == "NO SKILL: no row beats `mean` with a 95 % interval above 0");
  CHECK(FindAlarms(Table({Row(row::kRidge, 0.1, 0.0), Row(row::kNetwork, 0.1, 0.001)})).empty());
}

TEST_CASE("Where there are too few groups, skill was not shown") {
  const auto alarms = FindAlarms(Table({Row(row::kRidge, 0.1, std::nan(""))}));
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].text.starts_with("NO SKILL SHOWN: there are too few groups"));
}

TEST_CASE("Kinds have names for programs") {
  CHECK(std::string(AlarmKindName(AlarmKind::kUnbelievable)) == "unbelievable_r2");
  CHECK(std::string(AlarmKindName(AlarmKind::kShuffled)) == "shuffled_beats_without");
  CHECK(std::string(AlarmKindName(AlarmKind::kNoSkill)) == "no_skill");
  CHECK(std::string(AlarmKindName(AlarmKind::kNoted)) == "noted");
}

}  // namespace
}  // namespace recoup::model
