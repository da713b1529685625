// The SQL that shows a Parquet file like a CSV file: a line number and text columns.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graph/ingest/duckdb_session.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Errors: kInvalidArgument (no Parquet file, one that cannot be read, or a name that occurs twice;
/// SQL does not tell upper from lower case).
Result<std::vector<std::string>> ParquetColumns(const DuckDbSession& session,
                                                const std::filesystem::path& path);

/// Returns a SELECT that yields recoup_line, counted from 1, and each column as trimmed text, NULL
/// where it is a null word.
std::string ParquetSource(const std::filesystem::path& path,
                          const std::vector<std::string>& columns,
                          const std::vector<std::string>& null_words);

}  // namespace recoup::graph
