// recoup train: a model from the outcomes that a store knows.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "graph/store/graph_store.h"
#include "graph/types/date.h"
#include "model/artifact/model_artifact.h"
#include "model/evaluation/model_card.h"
#include "model/evaluation/train_model.h"
#include "server/cli/commands.h"
#include "server/cli/peer_snapshot_file.h"
#include "server/cli/train_command.h"
#include "server/lifecycle/model_repository.h"

namespace recoup::cli {
namespace {

constexpr const char* kVerb = kTrainVerb;
constexpr std::size_t kLedgerBatch = 10'000;

// A path that cannot be looked at is an error and not an absence: training would take hours and
// then fail to write.
Result<bool> Exists(const std::filesystem::path& path) {
  std::error_code failed;
  const bool exists = std::filesystem::exists(path, failed);
  if (!failed) return exists;
  return Error{ErrorCode::kUnavailable,
               "cannot look at the models: " + path.string() + ": " + failed.message()};
}

// Returns today's date with the first number that is still free: 2026-11-20-1.
Result<std::string> NextVersion(const std::filesystem::path& models) {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::string today =
      Date(static_cast<std::int32_t>(days.time_since_epoch().count())).ToString();
  for (int number = 1;; ++number) {
    std::string version = today + "-" + std::to_string(number);
    RECOUP_ASSIGN(const bool taken, Exists(models / version));
    if (!taken) return version;
  }
}

void PrintTrained(const TrainCommand& command, const model::ModelArtifact& artifact,
                  const std::string& checksum, double seconds, const CommandIo& io) {
  const auto card = nlohmann::ordered_json::parse(artifact.card_json, nullptr, false);
  const std::filesystem::path directory = command.models / artifact.version;
  if (command.format == "json") {
    io.out << nlohmann::ordered_json{{"version", artifact.version},
                                     {"directory", directory.string()},
                                     {"artifact_checksum", checksum},
                                     {"seconds", seconds},
                                     {"card", card}}
                  .dump()
           << "\n";
    return;
  }
  io.out << "trained model " << artifact.version << " in " << static_cast<long>(seconds + 0.5)
         << " s: " << directory.string() << "\n";
  if (card.is_object() && card.contains("split")) {
    io.out << "  split: " << card["split"].value("description", "") << "\n";
  }
  const auto metrics = card.find("metrics");
  if (!card.is_discarded() && metrics != card.end()) {
    for (const auto& [part, figures] : metrics->items()) {
      io.out << "  " << part << ": " << figures.dump() << "\n";
    }
  }
  io.out << "next: recoup value --all --store " << command.learning.store.string() << " --models "
         << command.models.string() << "\n";
}

// Returns the version to train, which no model has yet.
Result<std::string> FreeVersion(const TrainCommand& command) {
  if (command.version.empty()) return NextVersion(command.models);
  const std::filesystem::path path = command.models / command.version;
  RECOUP_ASSIGN(const bool taken, Exists(path));
  if (!taken) return command.version;
  return Error{ErrorCode::kAlreadyExists,
               "a model of this version exists; choose another --version: " + path.string()};
}

Result<model::TrainedModel> Train(const TrainCommand& command, const CommandIo& io) {
  model::TrainModelOptions options;
  RECOUP_ASSIGN(options.version, FreeVersion(command));
  RECOUP_ASSIGN(options.split, ToSplitOptions(command.learning));
  options.fit = command.learning.fit;
  options.training = command.learning.training;
  options.threads = command.learning.training.threads;
  options.network_only = command.network_only;
  options.ensemble = ToEnsembleOptions(command.learning);
  options.ensemble.seeds = command.seeds.value_or(1);
  options.ensemble.cache = command.unfinished();
  options.learn_all = command.update;
  options.credibility = ToCredibilityOptions(command.learning);
  RECOUP_ASSIGN(const model::NetworkPlugin* const plugin, model::LoadNetworkPlugin());
  RECOUP_ASSIGN(const auto store, OpenForLearning(command.learning.store));
  return model::TrainModel(*store, *plugin, options, ObserveOnStderr(io));
}

Result<void> WriteLedger(const TrainCommand& command, std::span<const graph::Fact> entries) {
  if (entries.empty()) return {};
  RECOUP_ASSIGN(const auto store,
                graph::OpenRocksGraphStore(command.learning.store, {.must_exist = true}));
  for (std::size_t begin = 0; begin < entries.size(); begin += kLedgerBatch) {
    const auto part = entries.subspan(begin, std::min(kLedgerBatch, entries.size() - begin));
    graph::FactBatch batch;
    batch.facts.assign(part.begin(), part.end());
    RECOUP_TRY(store->Apply(batch));
  }
  return {};
}

// What the model that learnt most knows. Its version need not be the highest.
struct Learnt {
  std::string version;
  Date before;  // every outcome that it learnt was known before this day
};

std::optional<Learnt> LearntMost(const std::filesystem::path& directory) {
  const auto models = server::ModelRepository::Open(directory);
  if (!models.has_value()) return std::nullopt;
  std::optional<Learnt> most;
  for (const server::ModelEntry& model : (*models)->List()) {
    const auto before = model::LabelsBeforeOfCard(model.card_json);
    if (!model.fault.empty() || !before || (most && most->before > *before)) continue;
    most = Learnt{model.version, *before};
  }
  return most;
}

// How many outcomes have become known since a model learnt. True if there are any, or no model to
// ask.
bool HasNews(const TrainCommand& command, const CommandIo& io) {
  const std::optional<Learnt> learnt = LearntMost(command.models);
  if (!learnt) return true;
  const auto store = OpenForLearning(command.learning.store);
  if (!store.has_value()) return true;  // training will say what is wrong
  const auto collected = model::CollectExamples(**store);
  if (!collected.has_value()) return true;
  const auto news = std::count_if(
      collected->examples.begin(), collected->examples.end(),
      [&](const model::Example& example) { return example.outcome_known_at >= learnt->before; });
  if (news == 0) {
    io.out << "nothing to learn: model " << learnt->version << " knows every outcome up to "
           << learnt->before.PlusDays(-1).ToString() << "\n";
    return false;
  }
  io.err << "model " << learnt->version << " learnt outcomes known before "
         << learnt->before.ToString() << "; since then: " << news << "\n";
  return true;
}

// The highest version answers: a new model with a lower one would wait unseen.
void WarnIfUnused(const TrainCommand& command, const std::string& version, const CommandIo& io) {
  const auto models = server::ModelRepository::Open(command.models);
  if (!models.has_value()) return;
  const auto active = (*models)->Active();
  if (!active.has_value() || (*active)->artifact.version == version) return;
  io.err << "recoup train: model " << (*active)->artifact.version
         << " stays in use, because its version is higher; use the new one with --model " << version
         << "\n";
}

int Run(const TrainCommand& command, const CommandIo& io) {
  const auto start = std::chrono::steady_clock::now();
  if (command.rolling) return RunRolling(command, io);
  if (command.update && !HasNews(command, io)) return kExitOk;
  const auto trained = Train(command, io);
  if (!trained.has_value()) return ReportUnfinished(command, trained.error(), io);
  const model::ModelArtifact* const artifact = &trained->artifact;
  // The ledger first: a model without it would hear less than it was trained to.
  const auto written = WriteLedger(command, trained->ledger);
  if (!written.has_value()) return ReportError(io, kVerb, written.error());
  std::error_code created;
  std::filesystem::create_directories(command.models, created);
  const auto checksum = model::WriteArtifact(command.models / artifact->version, *artifact);
  if (!checksum.has_value()) return ReportError(io, kVerb, checksum.error());
  std::filesystem::remove_all(command.unfinished(), created);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  PrintTrained(command, *artifact, *checksum, elapsed.count(), io);
  WarnIfUnused(command, artifact->version, io);
  LeavePeerSnapshot(command.learning.store, command.models, artifact->version);
  if (!io.stop.load()) return kExitOk;
  io.err << "recoup train: interrupted; the best epoch so far was kept\n";
  return kExitInterrupted;
}

}  // namespace

void AddTrainCommand(CLI::App& program, Action& action) {
  auto options = std::make_shared<TrainCommand>();
  CLI::App* command = program.add_subcommand(
      kVerb, "Train a model on known outcomes; Ctrl-C keeps the network's best epoch so far");
  AddLearningOptions(*command, options->learning);
  command->add_option("--models", options->models, "Directory that holds the models")
      ->capture_default_str();
  command->add_option("--version", options->version,
                      "Name of the new model (default: today's date and a number)");
  command
      ->add_option("--seeds", options->seeds,
                   "Models of each kind whose mean the ensemble takes; more cost serving time "
                   "(default: 1; with --rolling 3)")
      ->check(CLI::Range(1, 20));
  CLI::Option* update =
      command->add_flag("--update", options->update,
                        "Learn every outcome, after measuring on those of the last year");
  CLI::Option* rolling =
      command
          ->add_flag("--rolling", options->rolling,
                     "Write no model: refit every half-year, value what comes in until the next, "
                     "and show how good that would have been")
          ->excludes(update);
  command->add_option("--from", options->from, "First refit (default: once 1,000 are known)")
      ->needs(rolling);
  command->add_option("--to", options->to, "Score loans valued before this day")->needs(rolling);
  command->add_option("--months", options->months, "Months between refits")
      ->capture_default_str()
      ->check(CLI::Range(1, 60))
      ->needs(rolling);
  command
      ->add_option("--html", options->html,
                   "Also write the table, with charts, as one page to this file; replaces it")
      ->needs(rolling);
  command->add_flag("--network-only", options->network_only,
                    "Only the graph network, without the ensemble of boosted trees around it");
  command->add_option("--format", options->format, "table or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json"}));
  command->footer(
      "Examples:\n"
      "  recoup train --store demo/store --models demo/models\n"
      "  recoup train --store sba/store --models sba/models --train-before 2010-01-01 \\\n"
      "    --validation-before 2011-01-01 --test-from 2011-07-01\n"
      "  recoup train --store sba/store --models sba/models --update\n"
      "  recoup train --store sba/store --rolling --html rolling.html");
  command->callback([options, &action] {
    action = [options](const CommandIo& io) { return Run(*options, io); };
  });
}

}  // namespace recoup::cli
