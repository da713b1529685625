// Reads one table of a tape, CSV or Parquet, as rows of text in the order of the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/ingest/csv_reader.h"
#include "graph/ingest/mapping.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// What the importer wants to see of a table.
struct TableSelection {
  std::vector<std::string> columns;  // of the file or derived; each as text
  std::vector<ExpressionMapping> conditions;
};

/// Whether a condition holds in a row.
enum class Truth : std::uint8_t { kFalse, kTrue, kFailed };

/// Threads: use from one thread. Memory: bounded, whatever the size of the table.
class TableReader {
 public:
  virtual ~TableReader() = default;

  /// Opens `path` (.csv, .csv.gz and the like: CSV; .parquet: Parquet) as `table` describes it.
  /// Errors: kInvalidArgument (no such table, or one that cannot be read; `mapping`:line: ...).
  static Result<std::unique_ptr<TableReader>> Open(const std::filesystem::path& path,
                                                   const Mapping& mapping,
                                                   const TableMapping& table);

  /// Returns the names of the file's own columns.
  virtual const std::vector<std::string>& columns() const = 0;

  /// Gets ready to read. Call once, before Next.
  /// Errors: kInvalidArgument (an expression that DuckDB refuses; `mapping`:line: ...).
  virtual Result<void> Select(const TableSelection& selection) = 0;

  /// Moves to the next few rows; false at the end.
  /// Errors: kDataLoss (the file is damaged).
  virtual Result<bool> Next() = 0;

  virtual std::size_t row_count() const = 0;
  /// Returns the physical line on which the row begins; of Parquet the row's number from 1.
  virtual std::uint64_t line(std::size_t row) const = 0;
  /// Returns a selected column's cell; nothing if it is empty. Valid until Next.
  virtual std::optional<std::string_view> value(std::size_t row, std::size_t column) const = 0;
  virtual Truth condition(std::size_t row, std::size_t condition) const = 0;
  /// Returns the first derived column, by its place in the mapping, that could not be computed.
  virtual std::optional<std::size_t> failed_derived(std::size_t row) const = 0;

  /// Returns the broken lines met so far and not yet returned, ascending.
  virtual std::vector<BrokenLine> TakeBroken() = 0;

  /// Unit: share of the file that has been read, in [0, 1]; of Parquet 0 until the end.
  virtual double fraction() const = 0;
};

}  // namespace recoup::graph
