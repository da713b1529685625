// recoup train --rolling: how good a model would have been that was refitted every half-year.
#include <filesystem>
#include <ostream>
#include <system_error>

#include "model/evaluation/rolling.h"
#include "server/cli/commands.h"
#include "server/cli/option_parsing.h"
#include "server/cli/report_file.h"
#include "server/cli/train_command.h"

namespace recoup::cli {
namespace {

constexpr const char* kVerb = kTrainVerb;

Result<model::EvaluationTable> Roll(const TrainCommand& command, const CommandIo& io) {
  model::RollingOptions options;
  RECOUP_ASSIGN(options.from, ParseOptionalDate("--from", command.from));
  RECOUP_ASSIGN(options.to, ParseOptionalDate("--to", command.to));
  options.months = command.months;
  options.fit = command.learning.fit;
  options.training = command.learning.training;
  options.seeds = command.seeds.value_or(3);
  options.threads = command.learning.training.threads;
  options.ensemble = ToEnsembleOptions(command.learning);
  options.ensemble.cache = command.unfinished();
  options.credibility = ToCredibilityOptions(command.learning);
  options.checkpoint = command.unfinished() / "rolling";
  const model::NetworkSource network = FindNetworkSource();
  RECOUP_ASSIGN(const auto store, OpenForLearning(command.learning.store));
  return model::EvaluateRolling(*store, network, options, ObserveOnStderr(io));
}

}  // namespace

int ReportUnfinished(const TrainCommand& command, const Error& error, const CommandIo& io) {
  const int code = ReportError(io, kVerb, error);
  std::error_code ignored;
  if (std::filesystem::exists(command.unfinished(), ignored)) {
    io.err << "recoup train: what is finished was kept; the same command goes on from there\n";
  }
  return code;
}

int RunRolling(const TrainCommand& command, const CommandIo& io) {
  if (!command.html.empty()) {
    const auto writable = CheckReportPath(command.html);
    if (!writable.has_value()) return ReportError(io, kVerb, writable.error());
  }
  const auto table = Roll(command, io);
  if (!table.has_value()) return ReportUnfinished(command, table.error(), io);
  std::error_code ignored;
  std::filesystem::remove_all(command.unfinished(), ignored);
  const auto shown = ShowTable(*table, command.format, command.html, io);
  return shown.has_value() ? kExitOk : ReportError(io, kVerb, shown.error());
}

}  // namespace recoup::cli
