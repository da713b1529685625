// The verbs of `recoup`. Each function adds one verb to the program and arranges that parsing it
// sets `action`, which main then runs.
#pragma once

#include <functional>

#include "server/cli/command.h"

namespace CLI {
class App;
}

namespace recoup::cli {

/// Runs the command that was parsed and returns its exit code.
using Action = std::function<int(const CommandIo&)>;

void AddGenerateCommand(CLI::App& program, Action& action);
void AddImportCommand(CLI::App& program, Action& action);
void AddTrainCommand(CLI::App& program, Action& action);
void AddEvaluateCommand(CLI::App& program, Action& action);
void AddValueCommand(CLI::App& program, Action& action);
void AddInspectCommand(CLI::App& program, Action& action);
void AddModelCommand(CLI::App& program, Action& action);

}  // namespace recoup::cli
