// What `train` and `evaluate` have in common: which loans to learn from, and how.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/evaluation/evaluate.h"
#include "model/evaluation/prepared_data.h"
#include "model/features/encoder.h"
#include "model/learning/observer.h"
#include "model/predictor/network_plugin.h"
#include "server/cli/command.h"

namespace CLI {
class App;
}

namespace recoup::cli {

struct LearningOptions {
  std::filesystem::path store = "recoup-data/store";
  std::string split = "date";
  std::string train_before;
  std::string validation_before;
  std::string test_from;
  std::string test_before;
  model::FitOptions fit;
  model::TrainingOptions training;
};

/// Adds --store, the split, the network's width, epochs, seed and threads to a command.
void AddLearningOptions(CLI::App& command, LearningOptions& options);

/// Adds only what says which loans to learn from, validate and test on.
void AddSplitOptions(CLI::App& command, LearningOptions& options);

/// Errors: kInvalidArgument (a date is malformed, or only some of the three cuts are given).
Result<model::SplitOptions> ToSplitOptions(const LearningOptions& options);

/// Returns the ensemble's options: threads and first seed are those of the network's training.
model::EnsembleOptions ToEnsembleOptions(const LearningOptions& options);
model::CredibilityOptions ToCredibilityOptions(const LearningOptions& options);

/// Returns the training plug-in, or why there is none.
model::NetworkSource FindNetworkSource();

/// Opens the store and copies it into RAM: learning reads every loan as of its own day.
/// Errors: those of OpenRocksGraphStore.
Result<std::unique_ptr<graph::GraphStore>> OpenForLearning(const std::filesystem::path& store);

/// Shows stages and their progress on stderr, and stops when the user interrupts.
/// Lifetime: must not outlive `io`.
model::Observer ObserveOnStderr(const CommandIo& io);

}  // namespace recoup::cli
