// recoup model: which models there are, and what each says of itself.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "server/cli/commands.h"
#include "server/cli/model_command.h"
#include "server/cli/source_options.h"
#include "server/lifecycle/model_repository.h"

namespace recoup::cli {
namespace {

constexpr const char* kVerb = "model";

struct ModelOptions {
  SourceOptions source;
  std::string format = "table";
  std::string version;
};

// Models are files: listing them needs no store, and so no lock on one.
Result<std::vector<server::ModelSummary>> ListModels(const SourceOptions& source) {
  if (!source.server.empty()) {
    RECOUP_ASSIGN(const auto remote, OpenSource(source, false));
    return remote->ListModels();
  }
  RECOUP_ASSIGN(const auto models,
                server::ModelRepository::Open(
                    source.models, {.active_version = source.model_version, .backend = "local"}));
  std::vector<server::ModelSummary> summaries;
  for (const server::ModelEntry& entry : models->List()) {
    summaries.push_back({entry.version, entry.artifact_checksum, entry.feature_schema_hash,
                         entry.active, entry.fault});
  }
  return summaries;
}

Result<std::string> CardOf(const SourceOptions& source, const std::string& version) {
  if (!source.server.empty()) {
    RECOUP_ASSIGN(const auto remote, OpenSource(source, false));
    RECOUP_ASSIGN(server::ModelCardAnswer card, remote->GetModelCard(version));
    return card.card_json;
  }
  RECOUP_ASSIGN(const auto models,
                server::ModelRepository::Open(
                    source.models, {.active_version = source.model_version, .backend = "local"}));
  RECOUP_ASSIGN(server::ModelEntry entry, models->Card(version));
  return entry.card_json;
}

nlohmann::ordered_json ToJson(const server::ModelSummary& model) {
  return {{"version", model.version},
          {"artifact_checksum", model.artifact_checksum},
          {"feature_schema_hash", model.feature_schema_hash},
          {"active", model.active},
          {"fault", model.fault}};
}

int List(const ModelOptions& options, const CommandIo& io) {
  const auto models = ListModels(options.source);
  if (!models.has_value()) return ReportError(io, kVerb, models.error());
  if (options.format == "json") {
    for (const server::ModelSummary& model : *models) io.out << ToJson(model).dump() << "\n";
    return kExitOk;
  }
  if (models->empty()) io.out << "no models; train one with `recoup train`\n";
  for (const server::ModelSummary& model : *models) {
    io.out << (model.active ? "* " : "  ") << model.version;
    if (!model.artifact_checksum.empty()) io.out << "  " << model.artifact_checksum.substr(0, 12);
    if (!model.fault.empty()) io.out << "  cannot be used: " << model.fault;
    io.out << "\n";
  }
  return kExitOk;
}

int Card(const ModelOptions& options, const CommandIo& io) {
  const auto card = CardOf(options.source, options.version);
  if (!card.has_value()) return ReportError(io, kVerb, card.error());
  const auto json = nlohmann::ordered_json::parse(*card, nullptr, /*allow_exceptions=*/false);
  io.out << (json.is_discarded() || options.format == "json" ? *card : json.dump(2)) << "\n";
  return kExitOk;
}

}  // namespace

void AddModelCommand(CLI::App& program, Action& action) {
  auto options = std::make_shared<ModelOptions>();
  CLI::App* command =
      program.add_subcommand(kVerb, "List models, show a model's card, or give a model fewer bits");
  command->require_subcommand(1);
  CLI::App* list = command->add_subcommand("list", "List the models; * marks the active one");
  CLI::App* card = command->add_subcommand("card", "Show what a model says of itself");
  for (CLI::App* each : {list, card}) {
    AddSourceOptions(*each, options->source);
    each->add_option("--format", options->format, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
  }
  card->add_option("VERSION", options->version, "Model version (default: the active one)");
  AddModelQuantizeCommand(*command, action);
  command->footer(
      "Examples:\n"
      "  recoup model list --models demo/models\n"
      "  recoup model quantize --model demo/models/2026-11-25-1 --calibrate demo/store\n"
      "  recoup model card --models demo/models");
  list->callback([options, &action] {
    action = [options](const CommandIo& io) { return List(*options, io); };
  });
  card->callback([options, &action] {
    action = [options](const CommandIo& io) { return Card(*options, io); };
  });
}

}  // namespace recoup::cli
