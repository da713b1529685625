#include "graph/ingest/table_query.h"

#include <catch2/catch_test_macros.hpp>

#include "graph/ingest/duckdb_session.h"

namespace recoup::graph {
namespace {

constexpr const char* kSource =
    "SELECT 2::UBIGINT AS recoup_line, '10' AS a, 'x' AS b UNION ALL SELECT 3, 'bad', NULL";

// One text for each row: the cells as DuckDB prints them, NULL as `-`.
std::vector<std::string> Rows(const std::string& sql) {
  DuckDbSession session;
  REQUIRE(session.Start({}).has_value());
  duckdb_result result;
  const duckdb_state state = duckdb_query(session.connection(), sql.c_str(), &result);
  INFO(sql);
  REQUIRE(state == DuckDBSuccess);
  std::vector<std::string> rows;
  for (idx_t row = 0; row < duckdb_row_count(&result); ++row) {
    std::string text;
    for (idx_t column = 0; column < duckdb_column_count(&result); ++column) {
      char* cell = duckdb_value_varchar(&result, column, row);
      text += (column == 0 ? "" : "|") + std::string(cell == nullptr ? "-" : cell);
      duckdb_free(cell);
    }
    rows.push_back(text);
  }
  duckdb_destroy_result(&result);
  return rows;
}

using Lines = std::vector<std::string>;

TEST_CASE("A query yields the line, no failure, and the columns asked for in that order") {
  CHECK(Rows(TableQuery(kSource).Build({"b", "a"})) == Lines{"2|-1|x|10", "3|-1|-|bad"});
}

TEST_CASE("A derived column that fails in a row costs that row only") {
  TableQuery query(kSource);
  query.AddDerived({"half", "a::INTEGER / 2", {}});
  CHECK(Rows(query.Build({"half"})) == Lines{"2|-1|5.0", "3|0|-"});
}

TEST_CASE("The first derived column that fails is named by its number") {
  TableQuery query(kSource);
  query.AddDerived({"same", "a", {}});
  query.AddDerived({"one", "a::INTEGER", {}});
  query.AddDerived({"two", "one + a::INTEGER", {}});
  CHECK(Rows(query.Build({"two"})) == Lines{"2|-1|20", "3|1|-"});
}

TEST_CASE("A derived column that is NULL has not failed") {
  TableQuery query(kSource);
  query.AddDerived({"none", "nullif(b, 'x')", {}});
  CHECK(Rows(query.Build({"none"})) == Lines{"2|-1|-", "3|-1|-"});
}

TEST_CASE("A condition is true, false, or NULL where it fails; NULL itself counts as false") {
  TableQuery query(kSource);
  query.AddCondition({"", "a::INTEGER = 10", {}});
  query.AddCondition({"", "b = 'x'", {}});
  CHECK(Rows(query.Build({})) == Lines{"2|-1|true|true", "3|-1|-|false"});
}

TEST_CASE("A comment at the end of an expression does not swallow the query") {
  TableQuery query(kSource);
  query.AddDerived({"same", "a -- as it is", {}});
  query.AddCondition({"", "true -- always", {}});
  CHECK(Rows(query.Build({"same"})) == Lines{"2|-1|10|true", "3|-1|bad|true"});
}

TEST_CASE("Names with quotes and blanks are names, not SQL") {
  TableQuery query(kSource);
  query.AddDerived({"a \"strange\" name", "a", {}});
  CHECK(Rows(query.Build({"a \"strange\" name"})) == Lines{"2|-1|10", "3|-1|bad"});
}

TEST_CASE("The statement that checks an expression has one column if it is one expression") {
  DuckDbSession session;
  REQUIRE(session.Start({}).has_value());
  const TableQuery query(kSource);
  DuckDbStatement good;
  REQUIRE(good.Prepare(session, query.Check("a || b")).has_value());
  CHECK(good.column_count() == 1);
  DuckDbStatement unknown;
  CHECK_FALSE(unknown.Prepare(session, query.Check("c")).has_value());
  // Leaves its parentheses: DuckDB takes it, so the number of columns must tell.
  DuckDbStatement escaped;
  if (escaped.Prepare(session, query.Check("a)}), ({'v': (b")).has_value()) {
    CHECK(escaped.column_count() != 1);
  }
}

}  // namespace
}  // namespace recoup::graph
