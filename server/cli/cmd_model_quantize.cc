// recoup model quantize: a model's network in 8 or 4 bits, with what that costs.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "model/artifact/model_artifact.h"
#include "model/evaluation/quantization_report.h"
#include "server/cli/learning_options.h"
#include "server/cli/model_command.h"
#include "server/cli/peer_snapshot_file.h"

namespace recoup::cli {
namespace {

constexpr const char* kVerb = "model quantize";

struct QuantizeCommand {
  LearningOptions learning;
  std::filesystem::path model;
  int bits = 8;
  std::size_t loans = model::QuantizeOptions{}.calibration_loans;
  bool force = false;
  std::string format = "table";
};

int Refuse(const std::vector<std::string>& broken, const CommandIo& io) {
  for (const std::string& bound : broken) io.err << "recoup model quantize: " << bound << "\n";
  io.err << "recoup model quantize: nothing was written; take more bits, calibrate on more loans "
            "(--loans), or accept the loss with --force\n";
  return kExitFailed;
}

int Run(const QuantizeCommand& command, const CommandIo& io) {
  model::QuantizeOptions options;
  options.bits = command.bits;
  options.calibration_loans = command.loans;
  options.threads = command.learning.training.threads;
  const auto split = ToSplitOptions(command.learning);
  if (!split.has_value()) return ReportError(io, kVerb, split.error());
  options.split = *split;
  auto artifact = model::ReadArtifact(command.model);
  if (!artifact.has_value()) return ReportError(io, kVerb, artifact.error());
  const auto store = OpenForLearning(command.learning.store);
  if (!store.has_value()) return ReportError(io, kVerb, store.error());
  const auto report = model::QuantizeAndMeasure(**store, options, ObserveOnStderr(io), &*artifact);
  if (!report.has_value()) return ReportError(io, kVerb, report.error());
  io.out << (command.format == "json" ? model::RenderJson(*report) : model::RenderText(*report));
  const std::vector<std::string> broken = model::BrokenBounds(*report);
  if (!broken.empty() && !command.force) return Refuse(broken, io);
  artifact->card_json = model::CardWith(artifact->card_json, *report);
  const auto checksum = model::ReplaceArtifact(command.model, *artifact);
  if (!checksum.has_value()) return ReportError(io, kVerb, checksum.error());
  // With its checksum the model changed for the snapshot, too.
  std::filesystem::path directory = std::filesystem::absolute(command.model).lexically_normal();
  if (!directory.has_filename()) directory = directory.parent_path();
  LeavePeerSnapshot(command.learning.store, directory.parent_path(), artifact->version);
  if (command.format == "table") {
    io.out << "written: " << command.model.string() << " (" << checksum->substr(0, 12) << ")\n";
  }
  return kExitOk;
}

}  // namespace

void AddModelQuantizeCommand(CLI::App& model_command, Action& action) {
  auto options = std::make_shared<QuantizeCommand>();
  CLI::App* command = model_command.add_subcommand(
      "quantize", "Add the network in 8 or 4 bits to a model, unless that loses too much");
  AddSplitOptions(*command, options->learning);
  command->add_option("--model", options->model, "Directory of the model, which is changed")
      ->required();
  command
      ->add_option("--calibrate", options->learning.store,
                   "Store whose loans show how far numbers reach, and what is lost")
      ->required();
  command->add_option("--bits", options->bits, "8: fast and exact enough to serve; 4: smaller")
      ->capture_default_str()
      ->check(CLI::IsMember({8, 4}));
  command->add_option("--loans", options->loans, "Loans to calibrate on")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--threads", options->learning.training.threads, "Threads that encode loans")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command->add_flag("--force", options->force, "Write it even if it loses more than is allowed");
  command->add_option("--format", options->format, "table or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json"}));
  command->footer(
      "Examples:\n"
      "  recoup model quantize --model demo/models/2026-11-25-1 --calibrate demo/store\n"
      "  recoup model quantize --model sba/models/m1 --bits 4 --calibrate sba/store \\\n"
      "    --train-before 2010-01-01 --validation-before 2011-01-01 --test-from 2011-07-01");
  command->callback([options, &action] {
    action = [options](const CommandIo& io) { return Run(*options, io); };
  });
}

}  // namespace recoup::cli
