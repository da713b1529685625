// recoup evaluate: every model on the same loans, in one honest table.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "model/evaluation/evaluate.h"
#include "model/evaluation/leak_check.h"
#include "server/cli/commands.h"
#include "server/cli/learning_options.h"
#include "server/cli/report_file.h"
#include "server/cli/source_options.h"
#include "server/lifecycle/model_repository.h"

namespace recoup::cli {
namespace {

constexpr const char* kVerb = "evaluate";

struct EvaluateCommand {
  LearningOptions learning;
  int seeds = 3;
  bool leak_check = false;
  std::string format = "table";
  /// Where the table is written as a page too; empty: nowhere.
  std::filesystem::path html;
  /// A model to judge as it is, in place of a freshly trained one.
  std::filesystem::path models;
  std::string model_version;
  std::string backend = "auto";
  std::vector<std::string> rows;
  std::optional<std::int32_t> lag;
  std::string new_groups;
  bool warm = false;
};

// Errors: kInvalidArgument.
Result<model::ScenarioOptions> ScenarioOf(const EvaluateCommand& command) {
  model::ScenarioOptions scenario{.lag_days = command.lag};
  if (command.new_groups.empty()) return scenario;
  RECOUP_ASSIGN(scenario.new_groups, model::ParseNewGroups(command.new_groups));
  scenario.new_groups->are_heard = command.warm;
  return scenario;
}

model::RowChoice RowsOf(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  const auto wanted = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  return {wanted("tabular"), wanted("ensemble"), wanted("network")};
}

Result<model::EvaluationTable> Compare(const EvaluateCommand& command,
                                       const model::SplitOptions& split,
                                       const graph::GraphStore& store, const CommandIo& io) {
  model::EvaluateOptions options;
  options.split = split;
  RECOUP_ASSIGN(options.scenario, ScenarioOf(command));
  options.rows = RowsOf(command.rows);
  options.fit = command.learning.fit;
  options.training = command.learning.training;
  options.seeds = command.seeds;
  options.threads = command.learning.training.threads;
  options.ensemble = ToEnsembleOptions(command.learning);
  options.credibility = ToCredibilityOptions(command.learning);
  model::NetworkSource network = FindNetworkSource();
  std::shared_ptr<const server::ActiveModel> active;
  if (!command.models.empty()) {
    RECOUP_ASSIGN(const auto models, server::ModelRepository::Open(
                                         command.models, {.active_version = command.model_version,
                                                          .backend = command.backend}));
    RECOUP_ASSIGN(active, models->Active());
    network.artifact = &active->artifact;
    network.predictor = active->predictor.get();
  }
  return model::Evaluate(store, network, options, ObserveOnStderr(io));
}

int Run(const EvaluateCommand& command, const CommandIo& io) {
  const auto split = ToSplitOptions(command.learning);
  if (!split.has_value()) return ReportError(io, kVerb, split.error());
  // Before the work, which can take hours.
  if (!command.html.empty()) {
    const auto writable = CheckReportPath(command.html);
    if (!writable.has_value()) return ReportError(io, kVerb, writable.error());
  }
  const auto store = OpenForLearning(command.learning.store);
  if (!store.has_value()) return ReportError(io, kVerb, store.error());
  const bool json = command.format == "json";
  if (command.leak_check) {
    const auto report =
        model::CheckLeaks(**store, *split, command.learning.fit, {}, ObserveOnStderr(io));
    if (!report.has_value()) return ReportError(io, kVerb, report.error());
    io.out << (json ? model::RenderJson(*report) : model::RenderText(*report));
    return kExitOk;
  }
  const auto table = Compare(command, *split, **store, io);
  if (!table.has_value()) return ReportError(io, kVerb, table.error());
  const auto shown = ShowTable(*table, command.format, command.html, io);
  return shown.has_value() ? kExitOk : ReportError(io, kVerb, shown.error());
}

}  // namespace

void AddEvaluateCommand(CLI::App& program, Action& action) {
  auto options = std::make_shared<EvaluateCommand>();
  CLI::App* command = program.add_subcommand(
      kVerb, "Compare mean, ridge, boosted trees and the network on loans none of them has seen");
  AddLearningOptions(*command, options->learning);
  command->add_option("--seeds", options->seeds, "Models of each kind that are averaged")
      ->capture_default_str()
      ->check(CLI::Range(1, 20));
  CLI::Option* leak_check =
      command->add_flag("--leak-check", options->leak_check,
                        "Instead: how much each attribute alone adds, to find those that betray "
                        "the outcome");
  command->add_option("--models", options->models,
                      "Judge the model in this directory as it is, instead of training one");
  command->add_option("--model", options->model_version,
                      "Version of the model to judge (default: the highest)");
  AddBackendOption(*command, options->backend);
  command
      ->add_option("--rows", options->rows,
                   "Only these rows: tabular, ensemble, network (default: all)")
      ->delimiter(',')
      ->check(CLI::IsMember({"tabular", "ensemble", "network"}));
  command
      ->add_option("--lag", options->lag,
                   "Value every loan this many days before its outcome was known")
      ->check(CLI::Range(0, 3650))
      ->excludes(leak_check);
  CLI::Option* new_groups =
      command
          ->add_option("--new-groups", options->new_groups,
                       "Test only loans of groups never learnt from: RELATION:REMAINDER/DIVISOR "
                       "(of the CRC-32 of the group's name)")
          ->excludes(leak_check);
  command->add_flag("--warm", options->warm, "Past outcomes of the new groups can be seen")
      ->needs(new_groups);
  command->add_option("--format", options->format, "table or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json"}));
  command
      ->add_option("--html", options->html,
                   "Also write the table, with charts, as one page to this file; replaces it")
      ->excludes(leak_check);
  command->footer(
      "Examples:\n"
      "  recoup evaluate --store demo/store --seeds 1\n"
      "  recoup evaluate --store demo/store --seeds 1 --html report.html\n"
      "  recoup evaluate --store sba/store --train-before 2010-01-01 \\\n"
      "    --validation-before 2011-01-01 --test-from 2011-07-01\n"
      "  recoup evaluate --store sba/store --rows ensemble \\\n"
      "    --new-groups out.originated_by.party:0/3 --warm\n"
      "  recoup evaluate --store sba/store --models sba/models --backend local-int4 --rows "
      "network\n"
      "  recoup evaluate --store sba/store --leak-check");
  command->callback([options, &action] {
    action = [options](const CommandIo& io) { return Run(*options, io); };
  });
}

}  // namespace recoup::cli
