// An in-memory DuckDB that can reach one file at most: the only door to its C API.
#pragma once

#include <duckdb.h>

#include <filesystem>
#include <optional>
#include <string>

#include "graph/types/result.h"

namespace recoup::graph {

struct DuckDbOptions {
  /// The only file that SQL may read; none if absent.
  std::optional<std::filesystem::path> readable_file;
  std::string memory_limit = "1GB";
};

/// Owns a database and one connection to it. Runs on the calling thread alone, so rows keep their
/// order. Extensions, the network and every other file are out of reach, and stay so.
/// Threads: use from one thread.
class DuckDbSession {
 public:
  DuckDbSession() = default;
  DuckDbSession(const DuckDbSession&) = delete;
  DuckDbSession& operator=(const DuckDbSession&) = delete;
  ~DuckDbSession();

  /// Errors: kInternal (DuckDB does not start).
  Result<void> Start(const DuckDbOptions& options);

  duckdb_connection connection() const { return connection_; }

  /// Runs a statement whose rows nobody wants.
  /// Errors: kInvalidArgument (DuckDB's own words).
  Result<void> Run(const std::string& sql);

 private:
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

/// A prepared statement. Lifetime: must not outlive the session.
class DuckDbStatement {
 public:
  DuckDbStatement() = default;
  DuckDbStatement(const DuckDbStatement&) = delete;
  DuckDbStatement& operator=(const DuckDbStatement&) = delete;
  ~DuckDbStatement() { duckdb_destroy_prepare(&statement_); }

  /// Errors: kInvalidArgument (DuckDB's own words, in one line).
  Result<void> Prepare(const DuckDbSession& session, const std::string& sql);

  idx_t column_count() const { return duckdb_prepared_statement_column_count(statement_); }
  duckdb_prepared_statement get() const { return statement_; }

 private:
  duckdb_prepared_statement statement_ = nullptr;
};

/// The rows of a statement, chunk by chunk, as they are made. Lifetime: must not outlive the
/// session.
class DuckDbStream {
 public:
  DuckDbStream() = default;
  DuckDbStream(const DuckDbStream&) = delete;
  DuckDbStream& operator=(const DuckDbStream&) = delete;
  ~DuckDbStream();

  /// Errors: kInvalidArgument (DuckDB's own words).
  Result<void> Start(const DuckDbStatement& statement);

  /// Moves to the next chunk; false at the end.
  /// Errors: kInvalidArgument (DuckDB's own words).
  Result<bool> Next();

  duckdb_data_chunk chunk() const { return chunk_; }

 private:
  duckdb_pending_result pending_ = nullptr;
  duckdb_result result_ = {};
  bool has_result_ = false;
  duckdb_data_chunk chunk_ = nullptr;
};

/// Returns `'text'` with its quotes doubled.
std::string SqlText(std::string_view text);
/// Returns `"name"` with its quotes doubled.
std::string SqlName(std::string_view name);

}  // namespace recoup::graph
