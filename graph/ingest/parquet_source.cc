#include "graph/ingest/parquet_source.h"

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

}  // namespace

Result<std::vector<std::string>> ParquetColumns(const DuckDbSession& session,
                                                const std::filesystem::path& path) {
  DuckDbStatement statement;
  RECOUP_TRY(
      statement.Prepare(session, "SELECT * FROM read_parquet(" + SqlText(path.string()) + ")"));
  std::vector<std::string> columns;
  for (idx_t i = 0; i < statement.column_count(); ++i) {
    const char* name = duckdb_prepared_statement_column_name(statement.get(), i);
    columns.emplace_back(name);
    duckdb_free(const_cast<char*>(name));  // NOLINT: the C API hands over what it calls const
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
