// The parts of `recoup model` that have files of their own.
#pragma once

#include "server/cli/commands.h"

namespace CLI {
class App;
}

namespace recoup::cli {

/// Adds `quantize` to `recoup model`.
void AddModelQuantizeCommand(CLI::App& model_command, Action& action);

}  // namespace recoup::cli
