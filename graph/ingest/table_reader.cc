#include "graph/ingest/table_reader.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "graph/ingest/byte_source.h"
#include "graph/ingest/column_name.h"
#include "graph/ingest/csv_table.h"
#include "graph/ingest/duckdb_session.h"
#include "graph/ingest/parquet_source.h"
#include "graph/ingest/table_query.h"

namespace recoup::graph {
namespace {

constexpr idx_t kFixedColumns = 2;  // the line, the failed derived column

// One column of the current chunk.
struct ChunkColumn {
  void* data = nullptr;
  std::uint64_t* validity = nullptr;

  bool IsValid(std::size_t row) const {
    return validity == nullptr || duckdb_validity_row_is_valid(validity, row);
  }
};

class DuckDbTableReader final : public TableReader {
 public:
  DuckDbTableReader(const Mapping& mapping, const TableMapping& table)
      : mapping_(mapping), table_(table) {}

  Result<void> OpenCsv(const std::filesystem::path& path) {
    RECOUP_ASSIGN(auto file, OpenFile(path));
    std::error_code ignored;
    file_bytes_ = std::filesystem::file_size(path, ignored);
    RECOUP_ASSIGN(csv_, CsvReader::Open(std::move(file), table_.delimiter));
    columns_ = csv_->columns();
    csv_table_ = {csv_.get(), table_.null_words};
    RECOUP_TRY(session_.Start({}));
    RECOUP_TRY(RegisterCsvTable(session_, &csv_table_));
    source_ = "SELECT * FROM recoup_csv()";
    return {};
  }

  Result<void> OpenParquet(const std::filesystem::path& path) {
    DuckDbOptions options;
    options.readable_file = std::filesystem::absolute(path);
    RECOUP_TRY(session_.Start(options));
    RECOUP_ASSIGN(columns_, ParquetColumns(session_, *options.readable_file));
    source_ = ParquetSource(*options.readable_file, columns_, table_.null_words);
    return {};
  }

  const std::vector<std::string>& columns() const override { return columns_; }

  Result<void> Select(const TableSelection& selection) override {
    TableQuery query(source_);
    for (const ExpressionMapping& derived : table_.derive) {
      RECOUP_TRY(Check(query, derived));
      query.AddDerived(derived);
    }
    for (const ExpressionMapping& condition : selection.conditions) {
      RECOUP_TRY(Check(query, condition));
    }
    for (const ExpressionMapping& condition : selection.conditions) query.AddCondition(condition);
    column_count_ = selection.columns.size();
    const Result<void> prepared = statement_.Prepare(session_, query.Build(selection.columns));
    if (!prepared.has_value()) return Here(table_.place, prepared.error());
    return {};
  }

  Result<bool> Next() override {
    RECOUP_ASSIGN(const bool more, NextChunk());
    ended_ = !more;
    chunk_columns_.clear();
    row_count_ = 0;
    if (ended_) return false;
    row_count_ = duckdb_data_chunk_get_size(stream_.chunk());
    const idx_t count = duckdb_data_chunk_get_column_count(stream_.chunk());
    for (idx_t i = 0; i < count; ++i) {
      duckdb_vector vector = duckdb_data_chunk_get_vector(stream_.chunk(), i);
      chunk_columns_.push_back(
          {duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)});
    }
    return true;
  }

  std::size_t row_count() const override { return row_count_; }

  std::uint64_t line(std::size_t row) const override {
    return static_cast<const std::uint64_t*>(chunk_columns_[0].data)[row];
  }

  std::optional<std::string_view> value(std::size_t row, std::size_t column) const override {
    const ChunkColumn& cells = chunk_columns_[kFixedColumns + column];
    if (!cells.IsValid(row)) return std::nullopt;
    auto* text = static_cast<duckdb_string_t*>(cells.data) + row;
    return std::string_view(duckdb_string_t_data(text), duckdb_string_t_length(*text));
  }

  Truth condition(std::size_t row, std::size_t condition) const override {
    const ChunkColumn& cells = chunk_columns_[kFixedColumns + column_count_ + condition];
    if (!cells.IsValid(row)) return Truth::kFailed;
    return static_cast<const bool*>(cells.data)[row] ? Truth::kTrue : Truth::kFalse;
  }

  std::optional<std::size_t> failed_derived(std::size_t row) const override {
    const auto number = static_cast<const std::int32_t*>(chunk_columns_[1].data)[row];
    if (number < 0) return std::nullopt;
    return static_cast<std::size_t>(number);
  }

  std::vector<BrokenLine> TakeBroken() override {
    return csv_ == nullptr ? std::vector<BrokenLine>() : csv_->TakeBroken();
  }

  double fraction() const override {
    if (ended_) return 1.0;
    if (csv_ == nullptr || file_bytes_ == 0) return 0.0;
    return std::min(1.0, static_cast<double>(csv_->position()) / static_cast<double>(file_bytes_));
  }

 private:
  Error Here(const MappingPlace& place, const Error& error) const {
    return MappingError(mapping_, place, error.message);
  }

  // Nothing is read before it is asked for. What fails then is the file, as the SQL was prepared.
  Result<bool> NextChunk() {
    if (!started_) RECOUP_TRY(Damaged(stream_.Start(statement_)));
    started_ = true;
    const Result<bool> more = stream_.Next();
    if (more.has_value()) return *more;
    return Damaged(more.error()).error();
  }

  Result<void> Damaged(const Result<void>& outcome) const {
    if (outcome.has_value()) return {};
    return Error{ErrorCode::kDataLoss, table_.file + ": " + outcome.error().message};
  }

  Result<void> Check(const TableQuery& query, const ExpressionMapping& expression) {
    DuckDbStatement statement;
    const Result<void> prepared = statement.Prepare(session_, query.Check(expression.sql));
    if (!prepared.has_value()) {
      return Here(
          expression.place,
          Annotate(prepared.error(), "not an expression over the columns of " + table_.file));
    }
    if (statement.column_count() != 1) {
      return MappingError(mapping_, expression.place, "must be one expression");
    }
    return {};
  }

  const Mapping& mapping_;
  const TableMapping& table_;
  std::vector<std::string> columns_;
  std::string source_;
  std::uint64_t file_bytes_ = 0;
  // Destroyed from the bottom up: the stream first, the CSV reader last.
  std::unique_ptr<CsvReader> csv_;
  CsvTable csv_table_;
  DuckDbSession session_;
  DuckDbStatement statement_;
  DuckDbStream stream_;
  std::vector<ChunkColumn> chunk_columns_;
  std::size_t column_count_ = 0;
  std::size_t row_count_ = 0;
  bool started_ = false;
  bool ended_ = false;
};

bool IsOurs(const std::string& folded) { return folded.starts_with("recoup_"); }

// No column may be another one to SQL, which does not tell upper from lower case: it would be read
// in the other's place. None may bear our own name either.
Result<void> CheckNames(const Mapping& mapping, const TableMapping& table,
                        const std::vector<std::string>& columns) {
  std::set<std::string> taken;
  for (const std::string& column : columns) {
    const std::string folded = FoldedName(column);
    if (IsOurs(folded)) {
      return MappingError(mapping, table.place,
                          "a column's name must not begin with recoup_: " + column);
    }
    if (!taken.insert(folded).second) {
      return MappingError(mapping, table.place,
                          "two columns of " + table.file + " differ only in case: " + column);
    }
  }
  std::set<std::string> derived_above;
  for (const ExpressionMapping& derived : table.derive) {
    const std::string folded = FoldedName(derived.name);
    if (taken.count(folded) > 0 || IsOurs(folded)) {
      return MappingError(mapping, derived.place,
                          "this name is taken by a column of " + table.file +
                              ", or begins with recoup_ (upper and lower case are the same)");
    }
    if (!derived_above.insert(folded).second) {
      return MappingError(
          mapping, derived.place,
          "this name is taken by a derived column above (upper and lower case are the same)");
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<TableReader>> TableReader::Open(const std::filesystem::path& path,
                                                       const Mapping& mapping,
                                                       const TableMapping& table) {
  auto reader = std::make_unique<DuckDbTableReader>(mapping, table);
  const bool is_parquet = path.extension() == ".parquet";
  const Result<void> opened = is_parquet ? reader->OpenParquet(path) : reader->OpenCsv(path);
  if (!opened.has_value()) {
    const MappingPlace place = {table.place.key + ".file", table.place.line};
    return MappingError(
        mapping, place,
        "\"" + path.filename().string() + "\" cannot be read: " + opened.error().message);
  }
  RECOUP_TRY(CheckNames(mapping, table, reader->columns()));
  return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace recoup::graph
