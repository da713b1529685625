#include "graph/ingest/table_plan.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph {
namespace {

Mapping MustParse(const std::string& tables) {
  Result<Mapping> mapping = ParseMapping(
      "recoup_mapping = 1\ncurrency = \"USD\"\n[[table]]\nfile = \"loans.csv\"\n" + tables,
      "mapping.toml");
  if (!mapping.has_value()) FAIL(mapping.error().message);
  return *mapping;
}

constexpr const char* kLoan = R"(known_at = "day"
[[table.node]]
kind = "loan"
id = "{bank}-{id}"
when = "id <> ''"
[table.node.attributes]
balance = "balance"
fee = { column = "balance", type = "number" }
limit = { column = "limit", type = "number", known_at = "limit_day" }
other = { column = "limit", type = "number", known_at = "limit_day" }
kind = { value = "x", type = "category" }
)";

using Columns = std::vector<std::string>;

TEST_CASE("Each column is selected once, however often it is named") {
  const Mapping mapping = MustParse(kLoan);
  const auto plan = PlanTable(mapping, mapping.tables[0],
                              {"id", "bank", "balance", "limit", "day", "limit_day", "unused"});
  REQUIRE(plan.has_value());
  CHECK(plan->selection.columns == Columns{"bank", "id", "day", "balance", "limit_day", "limit"});
  CHECK(plan->selection.conditions.size() == 1);
}

TEST_CASE("An id becomes literals and positions of columns") {
  const Mapping mapping = MustParse(kLoan);
  const auto plan =
      PlanTable(mapping, mapping.tables[0], {"id", "bank", "balance", "limit", "day", "limit_day"});
  REQUIRE(plan.has_value());
  const auto& pieces = plan->nodes.at(0).id.pieces;
  REQUIRE(pieces.size() == 3);
  CHECK(plan->selection.columns[*pieces[0].column] == "bank");
  CHECK_FALSE(pieces[1].column.has_value());
  CHECK(pieces[1].literal == "-");
  CHECK(plan->selection.columns[*pieces[2].column] == "id");
}

TEST_CASE("Attributes with the same dates form one group, the fact's own comes first") {
  const Mapping mapping = MustParse(kLoan);
  const auto plan =
      PlanTable(mapping, mapping.tables[0], {"id", "bank", "balance", "limit", "day", "limit_day"});
  REQUIRE(plan.has_value());
  const auto& groups = plan->nodes.at(0).fact.groups;
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].attributes.size() == 3);  // balance, fee, kind
  CHECK(groups[1].attributes.size() == 2);  // limit, other
  REQUIRE(plan->date_slots.size() == 2);
  CHECK(plan->selection.columns[plan->date_slots[0]] == "day");
  CHECK(plan->selection.columns[plan->date_slots[1]] == "limit_day");
}

TEST_CASE("Conditions are counted over all facts of the table") {
  const Mapping mapping = MustParse(std::string(kLoan) + R"([[table.node]]
kind = "party"
id = "bank"
[[table.outcome]]
loan = "id"
when = "true"
recovery_rate = "balance"
valuation_date = "day"
)");
  const auto plan =
      PlanTable(mapping, mapping.tables[0], {"id", "bank", "balance", "limit", "day", "limit_day"});
  REQUIRE(plan.has_value());
  CHECK(plan->nodes.at(0).fact.when == 0);
  CHECK_FALSE(plan->nodes.at(1).fact.when.has_value());
  CHECK(plan->outcomes.at(0).when == 1);
}

TEST_CASE("A column that the file lacks is named with its place and the columns there are") {
  const Mapping mapping = MustParse(kLoan);
  const auto plan = PlanTable(mapping, mapping.tables[0], {"id", "balance"});
  REQUIRE_FALSE(plan.has_value());
  CHECK(plan.error().code == ErrorCode::kInvalidArgument);
  CHECK(plan.error().message ==
        "mapping.toml:8: table.node.id: column \"bank\" is not in loans.csv (columns: id, "
        "balance)");
}

TEST_CASE("A derived column is as good as one of the file") {
  const Mapping mapping = MustParse(
      "known_at = { date = \"2024-01-31\" }\n[table.derive]\nno = \"id\"\n"
      "[[table.node]]\nkind = \"loan\"\nid = \"no\"\n");
  const auto plan = PlanTable(mapping, mapping.tables[0], {"id"});
  REQUIRE(plan.has_value());
  CHECK(plan->selection.columns == Columns{"no"});
  CHECK(plan->date_slots.empty());
}

TEST_CASE("A forbidden column that the file lacks is a mistake, too") {
  const Mapping mapping = MustParse(
      "known_at = { date = \"2024-01-31\" }\nforbidden_columns = [\"recoverd\"]\n"
      "[[table.node]]\nkind = \"loan\"\nid = \"id\"\n");
  const auto plan = PlanTable(mapping, mapping.tables[0], {"id", "recovered"});
  REQUIRE_FALSE(plan.has_value());
  CHECK(plan.error().message.find("forbidden_columns: column \"recoverd\" is not in loans.csv") !=
        std::string::npos);
}

}  // namespace
}  // namespace recoup::graph
