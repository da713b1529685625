// What every command of `recoup` has in common: streams, interruption, exit codes.
#pragma once

#include <atomic>
#include <iosfwd>
#include <string_view>

#include "graph/types/result.h"

namespace recoup::cli {

/// Part of the command line's promise; never renumber.
enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,        // something went wrong that is not listed below
  kExitUsage = 2,         // the command line or an input is wrong
  kExitNotFound = 3,      // a loan, model or file is not there
  kExitUnavailable = 4,   // the store is open elsewhere, the disk failed, the server is away
  kExitPartial = 5,       // done, but some rows or loans were left out; stderr says which
  kExitInterrupted = 130  // Ctrl-C; what was finished is kept
};

/// Where a command reads and writes. Results go to `out`, all else to `err`.
struct CommandIo {
  std::ostream& out;
  std::ostream& err;
  const std::atomic<bool>& stop;
  /// True when `err` is a terminal: progress is then redrawn in place.
  bool err_is_terminal = false;
};

/// Prints `recoup VERB: MESSAGE` to `err` and returns the exit code that fits the error.
int ReportError(const CommandIo& io, std::string_view verb, const Error& error);

}  // namespace recoup::cli
