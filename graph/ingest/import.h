// Imports a tape: reads its tables as a mapping says and hands the facts on in batches.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "graph/ingest/batch_writer.h"
#include "graph/ingest/rejects_file.h"
#include "graph/types/result.h"

namespace recoup::graph {

struct ImportProgress {
  std::string table;
  double table_fraction = 0.0;  // of its file, in [0, 1]
  std::uint64_t rows_read = 0;  // of the whole tape, as below
  std::uint64_t rows_rejected = 0;
  std::uint64_t facts_written = 0;
};

struct ImportOptions {
  std::filesystem::path tape;          // a directory, or the file of a mapping with one table
  std::filesystem::path mapping;       // see docs/mapping.md
  std::filesystem::path rejects_file;  // written anew, with its folder; empty: only counted
  std::size_t facts_per_batch = BatchLimits().facts;  // see BatchLimits
  std::size_t bytes_per_batch = BatchLimits().bytes;
  std::function<void(const ImportProgress&)> on_progress;  // now and then
  const std::atomic<bool>* stop = nullptr;  // once true, the import ends before its next batch
};

struct TableReport {
  std::string name;
  std::uint64_t rows_read = 0;
  std::uint64_t rows_rejected = 0;

  bool operator==(const TableReport&) const = default;
};

struct ImportReport {
  std::string source;               // of every batch
  std::uint64_t rows_read = 0;      // good and bad, broken lines included, empty lines not
  std::uint64_t rows_rejected = 0;  // rows that gave no facts, because a cell or the line is bad
  std::uint64_t facts_written = 0;
  std::uint64_t batches = 0;
  double seconds = 0.0;
  /// Bad cells and broken lines by reason; a row can have several.
  std::map<std::string, std::uint64_t> rejects_by_reason;
  std::vector<TableReport> tables;
  bool interrupted = false;
};

/// Reads the tape once and hands its facts to `sink` in the order of the tape. A row that cannot be
/// read is reported and stops nothing.
/// Batches are the same whenever the same files are read by the same mapping with the same
/// `facts_per_batch` and `bytes_per_batch`: source is `<mapping's name>:<digest of all that>`,
/// source_offset counts from 0. So importing again changes nothing in a store that skips known
/// offsets, and goes on where an interrupted import ended.
/// Every column and expression is checked before the first batch.
/// Errors: kInvalidArgument (a mapping that cannot be used, `file:line: key: ...`; a tape that is
/// not there), kDataLoss (a damaged file; batches before it have been handed over), kUnavailable
/// (the file of rejects), kResourceExhausted (no memory), and what the sink returned.
Result<ImportReport> ImportTape(const ImportOptions& options, FactSink sink);

}  // namespace recoup::graph
