#include "server/cli/learning_options.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "server/cli/option_parsing.h"
#include "server/cli/progress_bar.h"

namespace recoup::cli {

namespace {

void AddTrainingOptions(CLI::App& command, model::TrainingOptions& training) {
  command.add_option("--hidden", training.hidden_width, "Width of the network")
      ->capture_default_str();
  command.add_option("--epochs", training.max_epochs, "Epochs at most")->capture_default_str();
  command.add_option("--patience", training.patience, "Epochs without a better validation loss")
      ->capture_default_str();
  command.add_option("--learning-rate", training.learning_rate)->capture_default_str();
  command.add_option("--weight-decay", training.weight_decay)->capture_default_str();
  command.add_option("--seed", training.seed, "The same seed and threads train the same model")
      ->capture_default_str();
  command.add_option("--threads", training.threads)->capture_default_str();
}

}  // namespace

void AddLearningOptions(CLI::App& command, LearningOptions& options) {
  command.add_option("--store", options.store, "Store directory")->capture_default_str();
  AddSplitOptions(command, options);
  command
      .add_option("--first-hop", options.fit.sampling.first_hop_limit, "Neighbours per relation")
      ->capture_default_str();
  command
      .add_option("--second-hop", options.fit.sampling.second_hop_limit,
                  "Neighbours of each neighbour per relation")
      ->capture_default_str();
  AddTrainingOptions(command, options.training);
}

void AddSplitOptions(CLI::App& command, LearningOptions& options) {
  command.add_option("--split", options.split, "date, or component (no debtor group in two parts)")
      ->capture_default_str()
      ->check(CLI::IsMember({"date", "component"}));
  command.add_option("--train-before", options.train_before,
                     "Train on outcomes known before this day (default: the first 60 %)");
  command.add_option("--validation-before", options.validation_before,
                     "Validate on outcomes from there to before this day (default: 15 %)");
  command.add_option("--test-from", options.test_from,
                     "Test on outcomes from this day on (default: the last 20 %)");
  command.add_option("--test-before", options.test_before, "End of the test (default: none)");
}

Result<model::SplitOptions> ToSplitOptions(const LearningOptions& options) {
  model::SplitOptions split;
  if (options.split == "component") split.kind = model::SplitKind::kByComponent;
  RECOUP_ASSIGN(const auto train_before, ParseOptionalDate("--train-before", options.train_before));
  RECOUP_ASSIGN(const auto validation_before,
                ParseOptionalDate("--validation-before", options.validation_before));
  RECOUP_ASSIGN(const auto test_from, ParseOptionalDate("--test-from", options.test_from));
  RECOUP_ASSIGN(const auto test_before, ParseOptionalDate("--test-before", options.test_before));
  const int given =
      train_before.has_value() + validation_before.has_value() + test_from.has_value();
  if (given == 0 && !test_before.has_value()) return split;
  if (given != 3 || split.kind == model::SplitKind::kByComponent) {
    return Error{ErrorCode::kInvalidArgument,
                 "give --train-before, --validation-before and --test-from together, with --split "
                 "date, or none of them"};
  }
  split.dates = model::DateSplit{*train_before, *validation_before, *test_from, test_before};
  return split;
}

model::EnsembleOptions ToEnsembleOptions(const LearningOptions& options) {
  model::EnsembleOptions ensemble;
  ensemble.threads = options.training.threads;
  ensemble.boosting.seed = options.training.seed;
  return ensemble;
}

model::CredibilityOptions ToCredibilityOptions(const LearningOptions& options) {
  model::CredibilityOptions credibility;
  credibility.seed = options.training.seed;
  return credibility;
}

model::NetworkSource FindNetworkSource() {
  model::NetworkSource network;
  const auto plugin = model::LoadNetworkPlugin();
  if (plugin.has_value()) {
    network.plugin = *plugin;
  } else {
    network.absent_because = plugin.error().message;
  }
  return network;
}

Result<std::unique_ptr<graph::GraphStore>> OpenForLearning(const std::filesystem::path& store) {
  RECOUP_ASSIGN(const auto durable, graph::OpenRocksGraphStore(store, {.must_exist = true}));
  return graph::CopyToMemory(*durable);
}

model::Observer ObserveOnStderr(const CommandIo& io) {
  // One bar a stage; a new stage, or its size once that is known, replaces the bar.
  struct Display {
    std::string stage;
    std::size_t total = 0;
    std::unique_ptr<ProgressBar> bar;
  };
  const auto display = std::make_shared<Display>();
  const auto show = [&io, display](const model::EvaluationProgress& progress) {
    if (display->stage != progress.stage || display->total != progress.total ||
        display->bar == nullptr) {
      display->stage = progress.stage;
      display->total = progress.total;
      display->bar.reset();
      display->bar = std::make_unique<ProgressBar>(io, display->stage, progress.total, "steps");
    }
    display->bar->Set(progress.done);
  };
  return {.progress = show, .stop = &io.stop};
}

}  // namespace recoup::cli
