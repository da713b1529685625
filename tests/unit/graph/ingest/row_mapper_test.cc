#include "graph/ingest/row_mapper.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

namespace recoup::graph {
namespace {

// One row that a test writes down, column by column.
class WrittenRow final : public TableReader {
 public:
  explicit WrittenRow(std::map<std::string, std::string> cells) : cells_(std::move(cells)) {
    for (const auto& [name, text] : cells_) columns_.push_back(name);
  }

  const std::vector<std::string>& columns() const override { return columns_; }
  Result<void> Select(const TableSelection& selection) override {
    selection_ = selection;
    return {};
  }
  Result<bool> Next() override { return false; }
  std::size_t row_count() const override { return 1; }
  std::uint64_t line(std::size_t) const override { return 2; }
  std::optional<std::string_view> value(std::size_t, std::size_t column) const override {
    const std::string& text = cells_.at(selection_.columns[column]);
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
  }
  Truth condition(std::size_t, std::size_t) const override { return truth; }
  std::optional<std::size_t> failed_derived(std::size_t) const override { return failed; }
  std::vector<BrokenLine> TakeBroken() override { return {}; }
  double fraction() const override { return 1.0; }

  Truth truth = Truth::kTrue;
  std::optional<std::size_t> failed;

 private:
  std::map<std::string, std::string> cells_;
  std::vector<std::string> columns_;
  TableSelection selection_;
};

MappedRow Map(const std::string& tables, WrittenRow row) {
  const Result<Mapping> mapping = ParseMapping(
      "recoup_mapping = 1\ncurrency = \"USD\"\n[[table]]\nfile = \"loans.csv\"\n"
      "known_at = \"day\"\n" +
          tables,
      "mapping.toml");
  if (!mapping.has_value()) FAIL(mapping.error().message);
  const Result<TablePlan> plan = PlanTable(*mapping, mapping->tables[0], row.columns());
  if (!plan.has_value()) FAIL(plan.error().message);
  REQUIRE(row.Select(plan->selection).has_value());
  RowMapper mapper(*plan);
  MappedRow mapped = mapper.Map(row, 0);
  FactBatch batch{"", 0, *DeclaredAttributes(*mapping), {}};
  for (const MappedFact& fact : mapped.facts) batch.facts.push_back(fact.fact);
  CHECK(CheckBatch(batch).has_value());
  return mapped;
}

// The bad cells as `column=value: reason`.
std::vector<std::string> Bad(const MappedRow& row) {
  std::vector<std::string> texts;
  for (const BadCell& bad : row.bad_cells) {
    texts.push_back(bad.column + "=" + bad.value + ": " + bad.reason);
  }
  return texts;
}

using Texts = std::vector<std::string>;

const std::string kLoan = R"([[table.node]]
kind = "loan"
id = "id"
[table.node.attributes]
balance = "balance"
limit = { column = "limit", type = "number", known_at = "limit_day" }
)";

std::map<std::string, std::string> Cells(const std::map<std::string, std::string>& changes = {}) {
  std::map<std::string, std::string> cells = {{"id", "L1"},
                                              {"day", "2024-01-31"},
                                              {"balance", "100"},
                                              {"limit", "5"},
                                              {"limit_day", "2024-02-29"}};
  for (const auto& [name, text] : changes) cells[name] = text;
  return cells;
}

TEST_CASE("Attributes with other dates become a fact of their own") {
  const MappedRow row = Map(kLoan, WrittenRow(Cells()));
  REQUIRE(row.facts.size() == 2);
  CHECK(std::get<NodeFact>(row.facts[0].fact).dates.known_at == *Date::Parse("2024-01-31"));
  CHECK(std::get<NodeFact>(row.facts[1].fact).dates.known_at == *Date::Parse("2024-02-29"));
}

TEST_CASE("An empty cell says nothing, and neither does a date that nothing needs") {
  const MappedRow row = Map(kLoan, WrittenRow(Cells({{"limit", ""}, {"limit_day", ""}})));
  CHECK(row.bad_cells.empty());
  CHECK(row.facts.size() == 1);
}

TEST_CASE("A loan without any attribute still exists") {
  const MappedRow row = Map(kLoan, WrittenRow(Cells({{"limit", ""}, {"balance", ""}})));
  REQUIRE(row.facts.size() == 1);
  CHECK(std::get<NodeFact>(row.facts[0].fact).attributes.empty());
}

TEST_CASE("One bad cell rejects the row, and every bad cell is told") {
  const MappedRow row = Map(kLoan, WrittenRow(Cells({{"balance", "x"}, {"limit_day", "soon"}})));
  CHECK(row.rejected);
  CHECK(row.facts.empty());
  CHECK(Bad(row) == Texts{"balance=x: not an amount",
                          "limit_day=soon: not a date in a form that the mapping lists"});
}

TEST_CASE("With on_bad_cell = cell the rest of the row stays") {
  const MappedRow row =
      Map("on_bad_cell = \"cell\"\n" + kLoan, WrittenRow(Cells({{"balance", "x"}})));
  CHECK_FALSE(row.rejected);
  CHECK(Bad(row) == Texts{"balance=x: not an amount"});
  CHECK(row.facts.size() == 2);
}

TEST_CASE("A date that two facts use is told once if it is bad") {
  const MappedRow row = Map(kLoan + "[[table.node]]\nkind = \"party\"\nid = \"id\"\n",
                            WrittenRow(Cells({{"day", "soon"}})));
  CHECK(Bad(row) == Texts{"day=soon: not a date in a form that the mapping lists"});
}

TEST_CASE("A fact without a date or an id is a bad cell") {
  CHECK(Bad(Map(kLoan, WrittenRow(Cells({{"day", ""}})))) ==
        Texts{"day=: the date of a fact is empty"});
  CHECK(Bad(Map(kLoan, WrittenRow(Cells({{"id", ""}})))) == Texts{"id=: the id is empty"});
  CHECK(Bad(Map(kLoan, WrittenRow(Cells({{"id", "a\tb"}})))) ==
        Texts{"id=a\tb: an id has 1 to 256 bytes and no control characters"});
}

TEST_CASE("An optional fact without an id is left out in silence") {
  const MappedRow row = Map("[[table.node]]\nkind = \"party\"\nid = \"id\"\noptional = true\n",
                            WrittenRow({{"id", ""}, {"day", "2024-01-31"}}));
  CHECK(row.bad_cells.empty());
  CHECK(row.facts.empty());
}

TEST_CASE("A condition leaves a fact out, or is a bad cell if it fails") {
  const std::string tables = "[[table.node]]\nkind = \"loan\"\nid = \"id\"\nwhen = \"true\"\n";
  WrittenRow row({{"id", "L1"}, {"day", "2024-01-31"}});
  CHECK(Map(tables, row).facts.size() == 1);
  row.truth = Truth::kFalse;
  CHECK(Map(tables, row).facts.empty());
  row.truth = Truth::kFailed;
  CHECK(Bad(Map(tables, row)) == Texts{"table.node.when=: the condition cannot be computed"});
}

TEST_CASE("A derived column that fails is named") {
  WrittenRow row(Cells());
  row.failed = 1;
  CHECK(Bad(Map("[table.derive]\none = \"id\"\ntwo = \"id\"\n" + kLoan, row)) ==
        Texts{"two=: the derived column cannot be computed"});
}

TEST_CASE("A currency of the row's own must be one") {
  const std::string tables =
      "[[table.node]]\nkind = \"loan\"\nid = \"id\"\n[table.node.attributes]\n"
      "balance = { column = \"balance\", currency_column = \"limit\" }\n";
  const auto balance = [&](const std::string& currency) {
    const MappedRow row = Map(tables, WrittenRow(Cells({{"limit", currency}})));
    if (row.rejected) return Bad(row).at(0);
    return ToString(std::get<NodeFact>(row.facts.at(0).fact).attributes.at(0).value);
  };
  CHECK(balance("CHF") == "100.00 CHF");
  CHECK(balance("") == "100.00 USD");
  CHECK(balance("XYZ") == "limit=XYZ: not an active ISO 4217 currency");
}

const std::string kOutcome = R"([[table.outcome]]
loan = "id"
loss = "balance"
exposure = "limit"
valuation_date = "limit_day"
)";

TEST_CASE("An outcome is one minus the share that was lost, within 0 and 1") {
  const auto rate = [](const std::string& loss, const std::string& exposure) {
    const MappedRow row = Map(
        kOutcome,
        WrittenRow(Cells({{"balance", loss}, {"limit", exposure}, {"limit_day", "2023-01-01"}})));
    REQUIRE(row.facts.size() == 1);
    return std::get<OutcomeFact>(row.facts[0].fact).recovery_rate;
  };
  CHECK(rate("30", "120") == 0.75);
  CHECK(rate("150", "120") == 0.0);
  CHECK(rate("-5", "120") == 1.0);
}

TEST_CASE("An exposure of nothing has no recovery rate") {
  const MappedRow row =
      Map(kOutcome, WrittenRow(Cells({{"limit", "0"}, {"limit_day", "2023-01-01"}})));
  CHECK(Bad(row) == Texts{"limit=0: the exposure of an outcome must be positive"});
}

TEST_CASE("An outcome is not known before its valuation date") {
  const MappedRow row = Map(kOutcome, WrittenRow(Cells()));
  CHECK(Bad(row) ==
        Texts{"table.outcome=2024-02-29: an outcome must not be known before its valuation date"});
}

}  // namespace
}  // namespace recoup::graph
