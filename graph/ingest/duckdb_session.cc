#include "graph/ingest/duckdb_session.h"

#include <array>
#include <utility>

namespace recoup::graph {
namespace {

std::string Quote(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote) quoted.push_back(quote);
    quoted.push_back(c);
  }
  quoted.push_back(quote);
  return quoted;
}

// DuckDB's message without the excerpt of our SQL below it, in one line.
std::string OneLine(const char* message) {
  std::string_view text = message == nullptr ? "unknown error" : message;
  text = text.substr(0, text.find("\n\nLINE "));
  std::string line;
  for (const char c : text) {
    if (c != '\n') {
      line.push_back(c);
    } else if (!line.empty() && line.back() != ' ') {
      line.push_back(' ');
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

Error Refused(const char* message) { return {ErrorCode::kInvalidArgument, OneLine(message)}; }

}  // namespace

std::string SqlText(std::string_view text) { return Quote(text, '\''); }
std::string SqlName(std::string_view name) { return Quote(name, '"'); }

DuckDbSession::~DuckDbSession() {
  duckdb_disconnect(&connection_);
  duckdb_close(&database_);
}

Result<void> DuckDbSession::Start(const DuckDbOptions& options) {
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) == DuckDBError) {
    return Error{ErrorCode::kInternal, "DuckDB does not start"};
  }
  duckdb_set_config(config, "threads", "1");
  duckdb_set_config(config, "memory_limit", options.memory_limit.c_str());
  duckdb_set_config(config, "autoinstall_known_extensions", "false");
  duckdb_set_config(config, "autoload_known_extensions", "false");
  char* message = nullptr;
  const duckdb_state state = duckdb_open_ext(nullptr, &database_, config, &message);
  duckdb_destroy_config(&config);
  if (state == DuckDBError) {
    Error error{ErrorCode::kInternal, "DuckDB does not start: " + OneLine(message)};
    duckdb_free(message);
    return error;
  }
  if (duckdb_connect(database_, &connection_) == DuckDBError) {
    return Error{ErrorCode::kInternal, "DuckDB does not connect"};
  }
  // Sharing a subexpression would lift it out of TRY, and one bad cell would then stop the table.
  RECOUP_TRY(Run("SET disabled_optimizers = 'common_subexpressions'"));
  RECOUP_TRY(Run("SET temp_directory = ''"));
  const std::string allowed =
      options.readable_file.has_value() ? SqlText(options.readable_file->string()) : std::string();
  RECOUP_TRY(Run("SET allowed_directories = []"));
  RECOUP_TRY(Run("SET allowed_paths = [" + allowed + "]"));
  RECOUP_TRY(Run("SET enable_external_access = false"));
  return Run("SET lock_configuration = true");
}

Result<void> DuckDbSession::Run(const std::string& sql) {
  duckdb_result result;
  const duckdb_state state = duckdb_query(connection_, sql.c_str(), &result);
  Result<void> outcome;
  if (state == DuckDBError) outcome = Refused(duckdb_result_error(&result));
  duckdb_destroy_result(&result);
  return outcome;
}

Result<void> DuckDbStatement::Prepare(const DuckDbSession& session, const std::string& sql) {
  duckdb_destroy_prepare(&statement_);
  if (duckdb_prepare(session.connection(), sql.c_str(), &statement_) == DuckDBSuccess) return {};
  return Refused(duckdb_prepare_error(statement_));
}

DuckDbStream::~DuckDbStream() {
  duckdb_destroy_data_chunk(&chunk_);
  if (has_result_) duckdb_destroy_result(&result_);
  duckdb_destroy_pending(&pending_);
}

Result<void> DuckDbStream::Start(const DuckDbStatement& statement) {
  if (duckdb_pending_prepared_streaming(statement.get(), &pending_) == DuckDBError) {
    return Refused(duckdb_pending_error(pending_));
  }
  has_result_ = true;
  if (duckdb_execute_pending(pending_, &result_) == DuckDBSuccess) return {};
  return Refused(duckdb_result_error(&result_));
}

Result<bool> DuckDbStream::Next() {
  duckdb_destroy_data_chunk(&chunk_);
  chunk_ = duckdb_fetch_chunk(result_);
  if (chunk_ != nullptr && duckdb_data_chunk_get_size(chunk_) > 0) return true;
  const char* message = duckdb_result_error(&result_);
  if (message != nullptr && *message != '\0') return Refused(message);
  return false;
}

}  // namespace recoup::graph
