#include "model/evaluation/table_words.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

namespace recoup::model {
namespace {

TEST_CASE("The groups that were drawn are named") {
  EvaluationTable table;
  table.clusters = 1200;
  CHECK(GroupsText(table) == "1200 lenders (or loans without one)");
  table.cluster_unit = ClusterUnit::kComponent;
  table.clusters = 7;
  CHECK(GroupsText(table).starts_with("7 groups of loans joined by debtors"));
}

TEST_CASE("A verdict loses its figures, but not its reason") {
  CHECK(VerdictWords(VerdictOf({0.05, 0.01, 0.09})) == "beats XGBoost own");
  CHECK(VerdictWords(VerdictOf({-0.05, -0.09, -0.01})) == "loses to XGBoost own");
  CHECK(VerdictWords(VerdictOf({0.05, -0.01, 0.09})) == "no difference to XGBoost own shown");
  const std::string unjudged = VerdictOf({0.05, std::nan(""), std::nan("")});
  CHECK(VerdictWords(unjudged) == unjudged);
  CHECK(VerdictWords("the baseline") == "the baseline");
  CHECK(VerdictWords("").empty());
}

TEST_CASE("A difference is a value and its interval") {
  CHECK(DifferenceText(std::nullopt) == "-");
  CHECK(DifferenceText(DifferenceEstimate{0.05, 0.01, 0.09}) == "0.0500 [0.0100, 0.0900]");
  CHECK(DifferenceText(DifferenceEstimate{0.05, std::nan(""), std::nan("")}) == "0.0500 [-, -]");
}

TEST_CASE("Rows that are absent for the same reason share a line") {
  EvaluationTable table;
  const auto add = [&](const char* model, const char* reason) {
    EvaluationRow& row = table.rows.emplace_back();
    row.model = model;
    row.absent_because = reason;
  };
  add("a", "no plug-in");
  add("b", "no ledger");
  add("c", "no plug-in");
  table.rows.emplace_back().figures = RowFigures{};
  CHECK(AbsentLines(table) ==
        std::vector<std::string>{"absent: a, c: no plug-in", "absent: b: no ledger"});
}

}  // namespace
}  // namespace recoup::model
