#include "model/evaluation/leak_check.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using testing::Draw;

struct Data {
  SplitTables tables;
  SplitOutcomes outcomes;
};

/// Eight honest features that each explain a little, `copy` (the outcome with noise) and `copy2`.
void Fill(std::uint64_t stream, std::size_t rows, Table& table, std::vector<double>& outcomes) {
  table.columns = {"h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7", "copy", "copy2"};
  for (std::size_t i = 0; i < rows; ++i) {
    double outcome = 0.0;
    for (std::uint64_t h = 0; h < 8; ++h) {
      const double value = Draw(stream + h, i);
      table.values.push_back(static_cast<float>(value));
      outcome += 0.04 * value;
    }
    outcome += 0.6 * Draw(stream + 9, i);
    table.values.push_back(static_cast<float>(outcome + 0.2 * Draw(stream + 10, i)));
    table.values.push_back(static_cast<float>(outcome + 0.2 * Draw(stream + 11, i)));
    outcomes.push_back(outcome);
  }
}

Data Planted() {
  Data data;
  Fill(100, 1200, data.tables.training, data.outcomes.training);
  Fill(200, 500, data.tables.validation, data.outcomes.validation);
  Fill(300, 500, data.tables.test, data.outcomes.test);
  return data;
}

/// Leaves one loan, of which R2 is not defined: the one that boosting learns towards longest.
void KeepHighestOfValidation(Data& data) {
  std::vector<double>& outcomes = data.outcomes.validation;
  const auto highest = std::max_element(outcomes.begin(), outcomes.end());
  const auto row = static_cast<std::size_t>(highest - outcomes.begin());
  data.tables.validation = SelectRows(data.tables.validation, row, row + 1);
  outcomes = {*highest};
}

const LeakCheckOptions kQuick{.boosting = {.learning_rate = 0.1, .max_rounds = 60, .patience = 30}};

const LeakFinding& Named(const LeakReport& report, std::string_view name) {
  for (const LeakFinding& finding : report.findings) {
    if (finding.attribute == name) return finding;
  }
  FAIL("no finding of " << name);
  return report.findings.front();
}

TEST_CASE("A planted leak is flagged as an input and honest features are not") {
  Data data = Planted();
  const auto without_copy2 = [](std::string_view name) { return name != "copy2"; };
  data.tables = SelectAttributes(data.tables, without_copy2);
  const auto report = MeasureLeaks(data.tables, data.outcomes, {}, kQuick, {});
  REQUIRE(report.has_value());
  CHECK(report->findings.front().attribute == "copy");
  CHECK(report->findings.front().flagged);
  CHECK(report->findings.front().lift_validation > 0.3);
  CHECK(report->findings.front().is_input);
  CHECK(report->alarm);
  for (const LeakFinding& finding : report->findings) {
    if (finding.attribute != "copy") CHECK_FALSE(finding.flagged);
  }
}

TEST_CASE("Two leaks that cover for each other are flagged by what each explains alone") {
  const Data data = Planted();
  const auto report = MeasureLeaks(data.tables, data.outcomes, {}, kQuick, {});
  REQUIRE(report.has_value());
  CHECK(Named(*report, "copy").flagged);
  CHECK(Named(*report, "copy2").flagged);
  CHECK(Named(*report, "copy").alone_validation > 0.5);
}

TEST_CASE("A part whose outcomes do not vary is not judged, and silences no alarm of the other") {
  Data data = Planted();
  KeepHighestOfValidation(data);
  const auto report = MeasureLeaks(data.tables, data.outcomes, {}, kQuick, {});
  REQUIRE(report.has_value());
  CHECK(std::isnan(report->validation_r_squared));
  CHECK(report->alarm);
  REQUIRE(report->notes.size() == 1);
  CHECK(report->notes[0].starts_with("not judged on validation"));

  data = Planted();
  const auto without_copy2 = [](std::string_view name) { return name != "copy2"; };
  data.tables = SelectAttributes(data.tables, without_copy2);
  KeepHighestOfValidation(data);
  const auto one = MeasureLeaks(data.tables, data.outcomes, {}, kQuick, {});
  REQUIRE(one.has_value());
  CHECK(std::isnan(Named(*one, "copy").lift_validation));
  CHECK(Named(*one, "copy").flagged);  // by its lift on test
}

TEST_CASE("Attributes of other kinds are counted as not measured") {
  const auto store = testing::MakeLoanWorld(400);
  const auto none = CheckLeaks(*store, {}, {}, kQuick, {});
  REQUIRE(none.has_value());
  for (const std::string& note : none->notes) CHECK(note.find("other kinds") == std::string::npos);
  graph::FactBatch batch;
  const Date day = testing::Day("2000-01-01");
  for (std::size_t i = 0; i < 200; ++i) {
    batch.facts.push_back(graph::NodeFact{.node = testing::Party("B" + std::to_string(i)),
                                          .attributes = {{"x", Draw(5, i)}, {"y", Draw(6, i)}},
                                          .dates = {day, day}});
  }
  REQUIRE(store->Apply(batch).has_value());
  const auto report = CheckLeaks(*store, {}, {}, kQuick, {});
  REQUIRE(report.has_value());
  REQUIRE_FALSE(report->notes.empty());
  CHECK(report->notes.back() ==
        "not measured, because they are not of the loan itself: 2 attributes of other kinds "
        "(party 2)");
}

TEST_CASE("A forbidden leak is no input: it does not lift the rest, and is shown as forbidden") {
  const Data data = Planted();
  const std::vector<std::string> forbidden = {"copy", "copy2"};
  const auto report = MeasureLeaks(data.tables, data.outcomes, forbidden, kQuick, {});
  REQUIRE(report.has_value());
  CHECK_FALSE(report->alarm);
  CHECK(report->validation_r_squared < 0.2);
  CHECK_FALSE(Named(*report, "copy").is_input);
  CHECK(Named(*report, "copy").lift_validation > 0.3);
  CHECK(Named(*report, "copy").flagged);
  CHECK_FALSE(Named(*report, "h3").flagged);
  CHECK(std::abs(Named(*report, "h3").lift_validation) < 0.1);  // measured without the leaks
}

TEST_CASE("A store's forbidden attributes are measured beside its features") {
  const auto store = testing::MakeLoanWorld(400);
  const auto report = CheckLeaks(*store, {}, {}, kQuick, {});
  REQUIRE(report.has_value());
  CHECK_FALSE(Named(*report, "betrayal").is_input);
  CHECK(Named(*report, "betrayal").flagged);
  CHECK_FALSE(Named(*report, "noise").flagged);
  // Honest, and yet most of what can be known: flagged, for a person to look at.
  CHECK(Named(*report, "size").is_input);
  CHECK(Named(*report, "size").flagged);
}

TEST_CASE("An attribute that was allowed although forbidden is an input") {
  const auto store = testing::MakeLoanWorld(400);
  const auto report =
      CheckLeaks(*store, {}, {.sampling = {}, .allow_forbidden = {"betrayal"}}, kQuick, {});
  REQUIRE(report.has_value());
  CHECK(Named(*report, "betrayal").is_input);
  CHECK(report->alarm);
}

}  // namespace
}  // namespace recoup::model
