#include "graph/ingest/parquet_source.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/tape_folder.h"

namespace recoup::graph {
namespace {

constexpr std::string_view kMapping = R"(recoup_mapping = 1
currency = "USD"
known_at = "day"
null_words = ["", "NA"]
[[table]]
file = "loans.parquet"
[table.derive]
half = "balance::DOUBLE / 2"
[[table.node]]
kind = "loan"
id = "id"
[table.node.attributes]
balance = "balance"
half = { column = "half", type = "number" }
note = { column = "note", type = "category" }
)";

void RunSql(const std::string& sql) {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  REQUIRE(duckdb_open(nullptr, &database) == DuckDBSuccess);
  REQUIRE(duckdb_connect(database, &connection) == DuckDBSuccess);
  CHECK(duckdb_query(connection, sql.c_str(), nullptr) == DuckDBSuccess);
  duckdb_disconnect(&connection);
  duckdb_close(&database);
}

TEST_CASE("Parquet reads like CSV: text, null words, rows counted from 1") {
  TapeFolder tape;
  RunSql(
      "COPY (SELECT * FROM (VALUES (1, 10.5, DATE '2020-01-01', ' a '), (2, -3.0, NULL, 'NA'), "
      "(3, 7.0, DATE '2021-01-01', 'NA')) t(id, balance, day, note)) TO " +
      SqlText(tape.path("loans.parquet").string()) + " (FORMAT parquet)");
  const ImportReport report = tape.MustImport(kMapping);
  CHECK(NodeIds(tape.Facts()) == std::vector<std::string>{"1", "3"});
  CHECK(AttributeOf(tape.Facts(), "1", "balance") == "10.50 USD");
  CHECK(AttributeOf(tape.Facts(), "1", "half") == "5.25");
  CHECK(AttributeOf(tape.Facts(), "1", "note") == "a");
  CHECK(AttributeOf(tape.Facts(), "3", "note").empty());
  CHECK(report.rows_rejected == 1);
  CHECK(tape.Rejects() == "loans.parquet,2,day,,the date of a fact is empty\n");
}

TEST_CASE("Rows of a large Parquet file keep their order") {
  TapeFolder tape;
  RunSql(
      "COPY (SELECT i AS id, i AS balance, DATE '2020-01-01' AS day, NULL::VARCHAR AS note FROM "
      "range(300000) t(i)) TO " +
      SqlText(tape.path("loans.parquet").string()) + " (FORMAT parquet, ROW_GROUP_SIZE 20000)");
  CHECK(tape.MustImport(kMapping).rows_read == 300000);
  std::uint64_t expected = 0;
  bool in_order = true;
  for (const std::string& id : NodeIds(tape.Facts()))
    in_order = in_order && id == std::to_string(expected++);
  CHECK(in_order);
}

TEST_CASE("Columns of Parquet that differ only in case are refused") {
  TapeFolder tape;
  RunSql(
      "COPY (SELECT '1' AS id, 10.5 AS balance, DATE '2020-01-01' AS day, 'a' AS note, 'b' AS "
      "zzzz) TO " +
      SqlText(tape.path("loans.parquet").string()) + " (FORMAT parquet)");
  std::string bytes = tape.Read("loans.parquet");
  // DuckDB itself would not write such a file.
  for (std::size_t at = bytes.find("zzzz"); at != std::string::npos; at = bytes.find("zzzz")) {
    bytes.replace(at, 4, "NOTE");
  }
  tape.Write("loans.parquet", bytes);
  CHECK(tape.ErrorOf(kMapping) ==
        "mapping.toml:5: table.file: \"loans.parquet\" cannot be read: two columns bear one name "
        "(upper and lower case are the same): NOTE");
}

TEST_CASE("A derived column is not one of Parquet in upper case") {
  TapeFolder tape;
  RunSql("COPY (SELECT '1' AS id, 10.5 AS balance, 1 AS HALF) TO " +
         SqlText(tape.path("loans.parquet").string()) + " (FORMAT parquet)");
  CHECK(tape.ErrorOf(kMapping).starts_with(
      "mapping.toml:8: table.derive.half: this name is taken by a column of loans.parquet"));
}

TEST_CASE("Fields within a column of Parquet may bear any name") {
  TapeFolder tape;
  RunSql(
      "COPY (SELECT '1' AS id, 10.5 AS balance, DATE '2020-01-01' AS day, {'note': 'a', 'id': 1} "
      "AS note) TO " +
      SqlText(tape.path("loans.parquet").string()) + " (FORMAT parquet)");
  CHECK(tape.MustImport(kMapping).facts_written == 1);
}

TEST_CASE("A file that is no Parquet is an error") {
  TapeFolder tape;
  tape.Write("loans.parquet", "PAR1 not really");
  CHECK(tape.ErrorOf(kMapping).starts_with(
      "mapping.toml:5: table.file: \"loans.parquet\" cannot be read: "));
}

}  // namespace
}  // namespace recoup::graph
