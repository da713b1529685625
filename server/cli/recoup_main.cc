// recoup: generate, import, train, evaluate, value, inspect and manage models from the shell.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <exception>
#include <iostream>

#include "server/cli/commands.h"

namespace {

std::atomic<bool> stop_requested = false;

// The first Ctrl-C asks the command to finish what it holds; the second one ends the program.
extern "C" void OnInterrupt(int signal) {
  if (stop_requested.exchange(true)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

// No exception should come this far; one that does is a message and not a core dump.
int RunSafely(const recoup::cli::Action& action, const recoup::cli::CommandIo& io) {
  try {
    return action(io);
  } catch (const std::exception& error) {
    io.err << "recoup: unexpected: " << error.what() << "\n";
  } catch (...) {
    io.err << "recoup: unexpected: an exception without a message\n";
  }
  return recoup::cli::kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace recoup::cli;  // NOLINT(google-build-using-namespace): this is the program's root
  CLI::App program(
      "Values non-performing loans from the graph of debtors, guarantors, collateral and courts.");
  program.name("recoup");
  program.set_version_flag("--version", "recoup " RECOUP_VERSION);
  program.require_subcommand(1);
  program.footer(
      "Example, from nothing to prices:\n"
      "  recoup generate --loans 20000 --seed 1 --out demo\n"
      "  recoup import demo/tape --store demo/store\n"
      "  recoup train --store demo/store --models demo/models\n"
      "  recoup value --all --store demo/store --models demo/models\n"
      "`recoup VERB --help` explains each verb. Exit codes: 0 done, 1 failed, 2 wrong input,\n"
      "3 not found, 4 store or server not available, 5 done in part, 130 interrupted.");
  Action action;
  AddGenerateCommand(program, action);
  AddImportCommand(program, action);
  AddTrainCommand(program, action);
  AddEvaluateCommand(program, action);
  AddValueCommand(program, action);
  AddInspectCommand(program, action);
  AddModelCommand(program, action);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  std::signal(SIGINT, OnInterrupt);
  std::signal(SIGTERM, OnInterrupt);
  std::signal(SIGPIPE, SIG_IGN);
  std::ios::sync_with_stdio(false);
  const CommandIo io{std::cout, std::cerr, stop_requested, isatty(STDERR_FILENO) == 1};
  const int code = RunSafely(action, io);
  std::cout.flush();
  if (code != kExitOk || std::cout) return code;
  std::cerr << "recoup: the output cannot be written: the disk is full or the reader is gone\n";
  return kExitFailed;
}
