// Shows a CsvReader to DuckDB as a table, so that DuckDB itself never opens a CSV file.
#pragma once

#include <string>
#include <vector>

#include "graph/ingest/csv_reader.h"
#include "graph/ingest/duckdb_session.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// The column that holds the line of each row.
inline constexpr std::string_view kLineColumn = "recoup_line";

/// What the table reads from.
struct CsvTable {
  CsvReader* reader = nullptr;
  std::vector<std::string> null_words;
};

/// Makes `table` known to the session as the table function recoup_csv(): column recoup_line and
/// the file's columns as text, NULL where the cell is a null word. One scan reads it to its end.
/// Lifetime: `table` must outlive the session's statements.
/// Errors: kInternal.
Result<void> RegisterCsvTable(const DuckDbSession& session, CsvTable* table);

}  // namespace recoup::graph
