// recoup train --rolling: how good a model would have been that was refitted every half-year.
#include <filesystem>
#include <ostream>
#include <system_error>

#include "model/evaluation/render_html.h"
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
  options.ensemble.boosting.seed = options.training.seed;
  options.ensemble.cache = command.unfinished();
  options.credibility.seed = options.training.seed;
  options.checkpoint = command.unfinished() / "rolling";
  model::NetworkSource network;
  const auto plugin = model::LoadNetworkPlugin();
  if (plugin.has_value()) {
    network.plugin = *plugin;
  } else {
    network.absent_because = plugin.error().message;
  }
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
  io.out << (command.format == "json" ? model::RenderJson(*table) : model::RenderText(*table));
  std::error_code ignored;
  std::filesystem::remove_all(command.unfinished(), ignored);
  if (command.html.empty()) return kExitOk;
  const auto written = WriteReport(command.html, model::RenderHtml(*table));
  if (!written.has_value()) return ReportError(io, kVerb, written.error());
  io.err << "report written to " << command.html.string() << "\n";
  return kExitOk;
}

}  // namespace recoup::cli
