#include "graph/ingest/duckdb_session.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/tape_folder.h"

namespace recoup::graph {
namespace {

std::string ErrorOf(const Result<void>& result) {
  return result.has_value() ? "no error" : result.error().message;
}

std::string ReadText(const std::filesystem::path& path) {
  return "SELECT * FROM read_text(" + SqlText(path.string()) + ")";
}

TEST_CASE("Texts and names are quoted for SQL") {
  CHECK(SqlText("it's") == "'it''s'");
  CHECK(SqlText("") == "''");
  CHECK(SqlName("a \"b\"") == "\"a \"\"b\"\"\"");
}

TEST_CASE("A session reads the one file that it is allowed, and no other") {
  const TapeFolder folder;
  folder.Write("mine", "x");
  folder.Write("other", "x");
  DuckDbSession session;
  DuckDbOptions options;
  options.readable_file = folder.path("mine");
  REQUIRE(session.Start(options).has_value());
  CHECK(session.Run(ReadText(folder.path("mine"))).has_value());
  CHECK_FALSE(session.Run(ReadText(folder.path("other"))).has_value());
}

TEST_CASE("A session without a file reads and writes nothing, and cannot free itself") {
  const TapeFolder folder;
  folder.Write("other", "x");
  DuckDbSession session;
  REQUIRE(session.Start({}).has_value());
  CHECK_FALSE(session.Run(ReadText(folder.path("other"))).has_value());
  CHECK_FALSE(
      session.Run("COPY (SELECT 1) TO " + SqlText(folder.path("new").string())).has_value());
  CHECK_FALSE(std::filesystem::exists(folder.path("new")));
  CHECK_FALSE(session.Run("SET enable_external_access = true").has_value());
  CHECK_FALSE(session.Run("SET memory_limit = '8GB'").has_value());
  CHECK_FALSE(session.Run("INSTALL httpfs").has_value());
}

TEST_CASE("DuckDB's complaint is one line, without our SQL") {
  DuckDbSession session;
  REQUIRE(session.Start({}).has_value());
  const std::string message = ErrorOf(session.Run("SELECT nothing_of_that_name"));
  CHECK(message.find("nothing_of_that_name") != std::string::npos);
  CHECK(message.find('\n') == std::string::npos);
  CHECK(message.find("LINE 1") == std::string::npos);
}

TEST_CASE("A statement is refused when it is prepared, not when it is run") {
  DuckDbSession session;
  REQUIRE(session.Start({}).has_value());
  DuckDbStatement statement;
  CHECK_FALSE(statement.Prepare(session, "SELECT FROM WHERE").has_value());
  REQUIRE(statement.Prepare(session, "SELECT 1, 'x'").has_value());
  CHECK(statement.column_count() == 2);
}

TEST_CASE("A stream yields every row, in order, and then ends") {
  DuckDbSession session;
  REQUIRE(session.Start({}).has_value());
  DuckDbStatement statement;
  REQUIRE(statement.Prepare(session, "SELECT i FROM range(10000) t(i)").has_value());
  DuckDbStream stream;
  REQUIRE(stream.Start(statement).has_value());
  std::int64_t next = 0;
  while (*stream.Next()) {
    const auto* values = static_cast<const std::int64_t*>(
        duckdb_vector_get_data(duckdb_data_chunk_get_vector(stream.chunk(), 0)));
    const idx_t count = duckdb_data_chunk_get_size(stream.chunk());
    for (idx_t i = 0; i < count; ++i) {
      if (values[i] == next) ++next;
    }
  }
  CHECK(next == 10000);
}

TEST_CASE("A stream that fails midway says why") {
  DuckDbSession session;
  REQUIRE(session.Start({}).has_value());
  DuckDbStatement statement;
  REQUIRE(statement
              .Prepare(session,
                       "SELECT CASE WHEN i = 9000 THEN error('row 9000 is bad') ELSE 'x' END FROM "
                       "range(10000) t(i)")
              .has_value());
  DuckDbStream stream;
  Result<void> outcome = stream.Start(statement);
  while (outcome.has_value()) {
    const Result<bool> more = stream.Next();
    if (!more.has_value()) outcome = more.error();
    if (more.has_value() && !*more) break;
  }
  CHECK(ErrorOf(outcome).find("row 9000 is bad") != std::string::npos);
}

}  // namespace
}  // namespace recoup::graph
