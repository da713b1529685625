#include "graph/ingest/csv_table.h"

#include <algorithm>
#include <exception>

namespace recoup::graph {
namespace {

void AddColumn(duckdb_bind_info info, const std::string& name, duckdb_type kind) {
  duckdb_logical_type type = duckdb_create_logical_type(kind);
  duckdb_bind_add_result_column(info, name.c_str(), type);
  duckdb_destroy_logical_type(&type);
}

void Bind(duckdb_bind_info info) {
  const auto* table = static_cast<const CsvTable*>(duckdb_bind_get_extra_info(info));
  AddColumn(info, std::string(kLineColumn), DUCKDB_TYPE_UBIGINT);
  for (const std::string& column : table->reader->columns()) {
    AddColumn(info, column, DUCKDB_TYPE_VARCHAR);
  }
}

void Init(duckdb_init_info info) { duckdb_init_set_max_threads(info, 1); }

bool IsNullWord(const CsvTable& table, std::string_view value) {
  return std::find(table.null_words.begin(), table.null_words.end(), value) !=
         table.null_words.end();
}

void PutRow(const CsvTable& table, duckdb_data_chunk output, idx_t row) {
  duckdb_vector lines = duckdb_data_chunk_get_vector(output, 0);
  static_cast<std::uint64_t*>(duckdb_vector_get_data(lines))[row] = table.reader->line();
  const std::vector<std::string_view>& values = table.reader->values();
  for (idx_t i = 0; i < values.size(); ++i) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(output, i + 1);
    if (IsNullWord(table, values[i])) {
      duckdb_vector_ensure_validity_writable(vector);
      duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
    } else {
      duckdb_vector_assign_string_element_len(vector, row, values[i].data(), values[i].size());
    }
  }
}

Result<idx_t> PutRows(const CsvTable& table, duckdb_data_chunk output) {
  const idx_t capacity = duckdb_vector_size();
  idx_t rows = 0;
  while (rows < capacity) {
    RECOUP_ASSIGN(const bool more, table.reader->Next());
    if (!more) break;
    PutRow(table, output, rows++);
  }
  return rows;
}

// Called by DuckDB; nothing may be thrown through it.
void Scan(duckdb_function_info info, duckdb_data_chunk output) {
  const auto* table = static_cast<const CsvTable*>(duckdb_function_get_extra_info(info));
  try {
    const Result<idx_t> rows = PutRows(*table, output);
    if (!rows.has_value()) duckdb_function_set_error(info, rows.error().message.c_str());
    duckdb_data_chunk_set_size(output, rows.value_or(0));
  } catch (const std::exception& error) {
    duckdb_function_set_error(info, error.what());
  }
}

}  // namespace

Result<void> RegisterCsvTable(const DuckDbSession& session, CsvTable* table) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, "recoup_csv");
  duckdb_table_function_set_extra_info(function, table, nullptr);
  duckdb_table_function_set_bind(function, Bind);
  duckdb_table_function_set_init(function, Init);
  duckdb_table_function_set_function(function, Scan);
  const duckdb_state state = duckdb_register_table_function(session.connection(), function);
  duckdb_destroy_table_function(&function);
  if (state == DuckDBSuccess) return {};
  return Error{ErrorCode::kInternal, "DuckDB does not take the table function"};
}

}  // namespace recoup::graph
