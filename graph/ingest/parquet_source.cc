#include "graph/ingest/parquet_source.h"

#include <set>

#include "graph/ingest/csv_table.h"

namespace recoup::graph {
namespace {

std::string CleanText(const std::string& column, const std::string& null_list) {
  const std::string text = "trim(CAST(" + SqlName(column) + " AS VARCHAR), E' \\t\\r\\n')";
  const std::string clean = null_list.empty() ? text
                                              : "CASE WHEN " + text + " IN (" + null_list +
                                                    ") THEN NULL ELSE " + text + " END";
  return clean + " AS " + SqlName(column);
}

// The names of columns and their fields, as the file spells them.
Result<std::set<std::string>> WrittenNames(const DuckDbSession& session, const std::string& path) {
  DuckDbStatement statement;
  RECOUP_TRY(statement.Prepare(session, "SELECT name FROM parquet_schema(" + path + ")"));
  DuckDbStream stream;
  RECOUP_TRY(stream.Start(statement));
  std::set<std::string> names;
  while (true) {
    RECOUP_ASSIGN(const bool more, stream.Next());
    if (!more) return names;
    duckdb_vector vector = duckdb_data_chunk_get_vector(stream.chunk(), 0);
    auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(stream.chunk()); ++row) {
      names.emplace(duckdb_string_t_data(texts + row), duckdb_string_t_length(texts[row]));
    }
  }
}

}  // namespace

Result<std::vector<std::string>> ParquetColumns(const DuckDbSession& session,
                                                const std::filesystem::path& path) {
  const std::string file = SqlText(path.string());
  DuckDbStatement statement;
  RECOUP_TRY(statement.Prepare(session, "SELECT * FROM read_parquet(" + file + ")"));
  std::vector<std::string> columns;
  for (idx_t i = 0; i < statement.column_count(); ++i) {
    const char* name = duckdb_prepared_statement_column_name(statement.get(), i);
    columns.emplace_back(name);
    duckdb_free(const_cast<char*>(name));  // NOLINT: the C API hands over what it calls const
  }
  // DuckDB renames a column whose name is taken, `NOTE` beside `note` to `NOTE_1`; SQL that says
  // NOTE would then read the other one.
  RECOUP_ASSIGN(const std::set<std::string> written, WrittenNames(session, file));
  for (const std::string& column : columns) {
    if (written.count(column) > 0) continue;
    return Error{ErrorCode::kInvalidArgument,
                 "two columns bear one name (upper and lower case are the same): " +
                     column.substr(0, column.rfind('_'))};
  }
  return columns;
}

std::string ParquetSource(const std::filesystem::path& path,
                          const std::vector<std::string>& columns,
                          const std::vector<std::string>& null_words) {
  std::string null_list;
  for (const std::string& word : null_words) {
    null_list += (null_list.empty() ? "" : ", ") + SqlText(word);
  }
  std::string select = "SELECT file_row_number + 1 AS " + std::string(kLineColumn);
  for (const std::string& column : columns) select += ", " + CleanText(column, null_list);
  return select + " FROM read_parquet(" + SqlText(path.string()) + ", file_row_number = true)";
}

}  // namespace recoup::graph
