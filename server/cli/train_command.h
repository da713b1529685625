// `recoup train`, as it was asked for: shared by its two halves.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "graph/types/result.h"
#include "server/cli/command.h"
#include "server/cli/learning_options.h"

namespace recoup::cli {

inline constexpr const char* kTrainVerb = "train";

struct TrainCommand {
  LearningOptions learning;
  std::filesystem::path models = "recoup-data/models";
  std::string version;
  std::string format = "table";
  std::optional<int> seeds;
  bool network_only = false;
  bool update = false;
  bool rolling = false;
  std::string from;
  std::string to;
  int months = 6;
  std::filesystem::path html;

  /// Finished parts of a training, for when it is started again. A model's name never begins so.
  std::filesystem::path unfinished() const { return models / ".unfinished"; }
};

/// Reports an error, and that finished parts were kept, if any were. Returns the exit code.
int ReportUnfinished(const TrainCommand& command, const Error& error, const CommandIo& io);

/// `--rolling`: evaluates, and writes no model. Returns the exit code.
int RunRolling(const TrainCommand& command, const CommandIo& io);

}  // namespace recoup::cli
