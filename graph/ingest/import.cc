#include "graph/ingest/import.h"

#include <chrono>
#include <exception>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "graph/ingest/mapping.h"
#include "graph/ingest/row_mapper.h"
#include "graph/ingest/table_plan.h"
#include "graph/ingest/table_reader.h"
#include "graph/ingest/tape_identity.h"

namespace recoup::graph {
namespace {

constexpr std::string_view kNoSuchFile = "no such file in the tape";

// A table that is ready to be read. Lifetime: the mapping must outlive it.
struct OpenTable {
  const TableMapping* mapping = nullptr;
  TablePlan plan;
  std::unique_ptr<TableReader> reader;
};

Result<std::string> ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code ignored;
  if (!file || std::filesystem::is_directory(path, ignored)) {
    return Error{ErrorCode::kInvalidArgument, "the mapping cannot be read: " + path.string()};
  }
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

class Importer {
 public:
  explicit Importer(const ImportOptions& options) : options_(options) {}

  Result<ImportReport> Run(FactSink sink) {
    const auto start = std::chrono::steady_clock::now();
    RECOUP_ASSIGN(const std::string text, ReadText(options_.mapping));
    RECOUP_ASSIGN(mapping_, ParseMapping(text, options_.mapping.filename().string()));
    RECOUP_TRY(OpenTables());
    const BatchLimits limits = {options_.facts_per_batch, options_.bytes_per_batch};
    RECOUP_ASSIGN(const std::string digest, TapeDigest({text, limits.facts, limits.bytes, files_}));
    RECOUP_ASSIGN(auto declared, DeclaredAttributes(mapping_));
    report_.source = mapping_.name + ":" + digest;
    BatchWriter writer(report_.source, std::move(declared), limits, std::move(sink));
    RECOUP_TRY(OpenRejects());
    const Result<void> written = WriteTables(&writer);
    RECOUP_TRY(rejects_.Close());
    RECOUP_TRY(written);
    report_.batches = writer.batches();
    report_.facts_written = writer.facts();
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(report_);
  }

 private:
  Result<std::filesystem::path> FileOf(const TableMapping& table) const {
    std::error_code ignored;
    if (std::filesystem::is_directory(options_.tape, ignored)) return options_.tape / table.file;
    if (!std::filesystem::exists(options_.tape, ignored)) {
      return Error{ErrorCode::kInvalidArgument, "no such tape: " + options_.tape.string()};
    }
    if (mapping_.tables.size() == 1) return options_.tape;
    return Error{ErrorCode::kInvalidArgument,
                 "the mapping has several tables, so the tape must be a directory: " +
                     options_.tape.string()};
  }

  Result<void> OpenTables() {
    for (const TableMapping& table : mapping_.tables) {
      RECOUP_ASSIGN(const std::filesystem::path path, FileOf(table));
      files_.push_back(path);
      std::error_code ignored;
      if (!std::filesystem::exists(path, ignored)) {
        if (table.optional) continue;
        return MappingError(mapping_, {table.place.key + ".file", table.place.line},
                            std::string(kNoSuchFile) + ": " + table.file);
      }
      OpenTable open;
      open.mapping = &table;
      RECOUP_ASSIGN(open.reader, TableReader::Open(path, mapping_, table));
      RECOUP_ASSIGN(open.plan, PlanTable(mapping_, table, open.reader->columns()));
      RECOUP_TRY(open.reader->Select(open.plan.selection));
      tables_.push_back(std::move(open));
    }
    return {};
  }

  // The folder may be new: it is often the store's, which is made with the first batch.
  Result<void> OpenRejects() {
    std::error_code ignored;  // what cannot be made shows on opening
    std::filesystem::create_directories(options_.rejects_file.parent_path(), ignored);
    return rejects_.Open(options_.rejects_file);
  }

  Result<void> WriteTables(BatchWriter* writer) {
    for (OpenTable& table : tables_) {
      report_.tables.push_back({table.mapping->name});
      RECOUP_TRY(WriteTable(&table, writer));
      table.reader.reset();
      if (report_.interrupted) return {};
    }
    if (Stopped()) return {};
    return writer->Finish();
  }

  Result<void> WriteTable(OpenTable* table, BatchWriter* writer) {
    RowMapper mapper(table->plan);
    while (!Stopped()) {
      RECOUP_ASSIGN(const bool more, table->reader->Next());
      for (BrokenLine& line : table->reader->TakeBroken()) pending_.push_back(std::move(line));
      for (std::size_t row = 0; row < table->reader->row_count() && !Stopped(); ++row) {
        ReportBroken(*table, table->reader->line(row));
        RECOUP_TRY(WriteRow(*table, row, &mapper, writer));
      }
      Progress(*table, *writer);
      if (!more) break;
    }
    if (!report_.interrupted) ReportBroken(*table, std::nullopt);
    pending_.clear();
    return {};
  }

  Result<void> WriteRow(const OpenTable& table, std::size_t row, RowMapper* mapper,
                        BatchWriter* writer) {
    const MappedRow& mapped = mapper->Map(*table.reader, row);
    const std::uint64_t line = table.reader->line(row);
    for (const BadCell& bad : mapped.bad_cells) {
      Report({table.mapping->file, line, bad.column, bad.value, bad.reason});
    }
    CountRow(mapped.rejected);
    return writer->Add(mapper->mapped().facts);
  }

  // Reports the broken lines before `line`, so that rejects are in the order of the file.
  void ReportBroken(const OpenTable& table, std::optional<std::uint64_t> line) {
    std::size_t count = 0;
    while (count < pending_.size() && (!line.has_value() || pending_[count].line < *line)) {
      const BrokenLine& broken = pending_[count++];
      Report({table.mapping->file, broken.line, "", broken.text, broken.reason});
      CountRow(true);
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  void Report(const Reject& reject) {
    rejects_.Add(reject);
    ++report_.rejects_by_reason[reject.reason];
  }

  void CountRow(bool rejected) {
    TableReport& table = report_.tables.back();
    ++table.rows_read;
    ++report_.rows_read;
    if (!rejected) return;
    ++table.rows_rejected;
    ++report_.rows_rejected;
  }

  void Progress(const OpenTable& table, const BatchWriter& writer) const {
    if (!options_.on_progress) return;
    options_.on_progress({table.mapping->name, table.reader->fraction(), report_.rows_read,
                          report_.rows_rejected, writer.facts()});
  }

  bool Stopped() {
    if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) {
      report_.interrupted = true;
    }
    return report_.interrupted;
  }

  const ImportOptions& options_;
  Mapping mapping_;
  std::vector<std::filesystem::path> files_;
  std::vector<OpenTable> tables_;
  RejectsFile rejects_;
  std::vector<BrokenLine> pending_;
  ImportReport report_;
};

}  // namespace

Result<ImportReport> ImportTape(const ImportOptions& options, FactSink sink) {
  try {
    return Importer(options).Run(std::move(sink));
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kResourceExhausted, "the import needs more memory than there is"};
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInternal, std::string("the import failed: ") + error.what()};
  }
}

}  // namespace recoup::graph
