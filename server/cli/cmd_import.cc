// recoup import: a tape into a store.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "graph/ingest/import.h"
#include "graph/store/graph_store.h"
#include "server/cli/commands.h"
#include "server/cli/progress_bar.h"
#include "server/cli/source_options.h"

namespace recoup::cli {
namespace {

constexpr const char* kVerb = "import";

// A batch must fit into one message of the server's default size, 4 MiB, with room to spare.
constexpr std::size_t kFactsPerMessage = 2000;
constexpr std::size_t kBytesPerMessage = std::size_t{2} << 20;

struct ImportCommand {
  SourceOptions source;
  std::filesystem::path tape;
  std::filesystem::path mapping;
  std::filesystem::path rejects;
  std::string format = "table";
};

// Where the mapping is when the user does not say: beside the tables.
std::filesystem::path MappingOf(const ImportCommand& command) {
  if (!command.mapping.empty()) return command.mapping;
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(command.tape, ignored);
  return (folder ? command.tape : command.tape.parent_path()) / "mapping.toml";
}

nlohmann::ordered_json ToJson(const graph::ImportReport& report, const std::string& rejects) {
  nlohmann::ordered_json tables = nlohmann::ordered_json::array();
  for (const graph::TableReport& table : report.tables) {
    tables.push_back({{"name", table.name},
                      {"rows_read", table.rows_read},
                      {"rows_rejected", table.rows_rejected}});
  }
  return {
      {"source", report.source},
      {"rows_read", report.rows_read},
      {"rows_rejected", report.rows_rejected},
      {"facts_written", report.facts_written},
      {"batches", report.batches},
      {"seconds", report.seconds},
      {"rows_per_second", static_cast<double>(report.rows_read) / std::max(report.seconds, 1e-9)},
      {"tables", tables},
      {"rejects_by_reason", report.rejects_by_reason},
      {"rejects_file", rejects},
      {"interrupted", report.interrupted}};
}

void PrintReport(const graph::ImportReport& report, const std::string& rejects, std::ostream& out) {
  for (const graph::TableReport& table : report.tables) {
    out << "  " << table.name << ": " << table.rows_read << " rows";
    if (table.rows_rejected > 0) out << ", " << table.rows_rejected << " rejected";
    out << "\n";
  }
  const double rate = static_cast<double>(report.rows_read) / std::max(report.seconds, 1e-9);
  out << report.rows_read << " rows read, " << report.rows_rejected << " rejected, "
      << report.facts_written << " facts written in " << report.batches << " batches, "
      << static_cast<std::uint64_t>(rate) << " rows/s\n";
  for (const auto& [reason, count] : report.rejects_by_reason) {
    out << "  " << count << " x " << reason << "\n";
  }
  if (!report.rejects_by_reason.empty()) {
    out << "each with file, line, column and value: " << rejects << "\n";
  }
}

// Whether the directory may hold anything: false if it is absent or empty.
bool HoldsAnything(const std::filesystem::path& directory) {
  std::error_code error;
  const bool exists = std::filesystem::exists(directory, error);
  if (error || !exists) return static_cast<bool>(error);
  if (!std::filesystem::is_directory(directory, error)) return true;
  return !std::filesystem::is_empty(directory, error);
}

// A store that is made with its first batch, so that a tape that cannot be read leaves no trace.
class LocalStore {
 public:
  explicit LocalStore(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // A store that is there already is opened before the tape is read, to report it at once if it
  // is in use or too new.
  Result<void> OpenIfThere() {
    if (!HoldsAnything(directory_)) return {};
    return Open();
  }

  Result<void> Apply(const graph::FactBatch& batch) {
    if (store_ == nullptr) RECOUP_TRY(Open());
    RECOUP_TRY(store_->Apply(batch));
    return {};
  }

 private:
  Result<void> Open() {
    std::error_code ignored;  // what cannot be made shows on opening
    std::filesystem::create_directories(directory_.parent_path(), ignored);
    RECOUP_ASSIGN(store_, graph::OpenRocksGraphStore(directory_));
    return {};
  }

  std::filesystem::path directory_;
  std::unique_ptr<graph::GraphStore> store_;
};

Result<graph::ImportReport> Import(const ImportCommand& command,
                                   const std::filesystem::path& rejects, const CommandIo& io) {
  LocalStore store(command.source.store);
  std::unique_ptr<server::ValuationSource> remote;
  graph::ImportOptions options;
  options.tape = command.tape;
  options.mapping = MappingOf(command);
  options.rejects_file = rejects;
  if (command.source.server.empty()) {
    RECOUP_TRY(store.OpenIfThere());
  } else {
    RECOUP_ASSIGN(remote, OpenSource(command.source, false));
    options.facts_per_batch = kFactsPerMessage;
    options.bytes_per_batch = kBytesPerMessage;
  }
  ProgressBar bar(io, "importing", 0, "rows");
  options.on_progress = [&bar](const graph::ImportProgress& progress) {
    const auto percent = static_cast<int>(100.0 * progress.table_fraction);
    bar.Set(progress.rows_read, progress.table + " " + std::to_string(percent) + " %");
  };
  options.stop = &io.stop;
  return graph::ImportTape(options, [&](const graph::FactBatch& batch) -> Result<void> {
    if (remote == nullptr) return store.Apply(batch);
    RECOUP_TRY(remote->ApplyFacts(batch));
    return {};
  });
}

int Run(const ImportCommand& command, const CommandIo& io) {
  std::error_code error;
  const bool exists = std::filesystem::exists(command.tape, error);
  if (error) {
    return ReportError(
        io, kVerb,
        {ErrorCode::kUnavailable,
         "the tape cannot be reached: " + command.tape.string() + ": " + error.message()});
  }
  if (!exists) {
    return ReportError(io, kVerb, {ErrorCode::kNotFound, "no such tape: " + command.tape.string()});
  }
  std::filesystem::path rejects = command.rejects;
  if (rejects.empty()) {
    rejects = command.source.server.empty() ? command.source.store : command.tape;
    rejects = rejects.lexically_normal();
    if (!rejects.has_filename()) rejects = rejects.parent_path();
    rejects += ".rejects.csv";
  }
  const auto report = Import(command, rejects, io);
  if (!report.has_value()) {
    const int code = ReportError(io, kVerb, report.error());
    io.err << "what was acknowledged before is kept; the same command goes on from there\n";
    return code;
  }
  if (command.format == "json") {
    io.out << ToJson(*report, rejects.string()).dump() << "\n";
  } else {
    PrintReport(*report, rejects.string(), io.out);
  }
  if (report->interrupted) {
    io.err << "recoup import: interrupted; the same command goes on from here\n";
    return kExitInterrupted;
  }
  if (command.source.server.empty() && !HoldsAnything(command.source.store)) {
    io.err << "recoup import: the tape gave no facts, so no store was made: "
           << command.source.store.string() << "\n";
  }
  return report->rejects_by_reason.empty() ? kExitOk : kExitPartial;
}

}  // namespace

void AddImportCommand(CLI::App& program, Action& action) {
  auto options = std::make_shared<ImportCommand>();
  CLI::App* command = program.add_subcommand(
      kVerb, "Read a tape (CSV or Parquet) into a store, as its mapping file says");
  AddSourceOptions(*command, options->source);
  command->add_option("TAPE,--tape", options->tape, "Folder of tables, or one file")->required();
  command->add_option("--mapping", options->mapping,
                      "Mapping file (default: mapping.toml beside the tables)");
  command->add_option("--rejects", options->rejects,
                      "CSV of cells and rows that cannot be read (default: STORE.rejects.csv)");
  command->add_option("--format", options->format, "table or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json"}));
  command->footer(
      "Rows that cannot be read are reported and never stop the rest (exit code 5). Importing the\n"
      "same tape again changes nothing.\n"
      "Examples:\n"
      "  recoup import demo/tape --store demo/store\n"
      "  recoup import loans.csv.gz --mapping docs/examples/sba/mapping.toml --store sba/store");
  command->callback([options, &action] {
    action = [options](const CommandIo& io) { return Run(*options, io); };
  });
}

}  // namespace recoup::cli
