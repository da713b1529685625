#include "server/cli/command.h"

#include <ostream>

namespace recoup::cli {
namespace {

ExitCode ExitCodeFor(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kOutOfRange:
    case ErrorCode::kAlreadyExists:
      return kExitUsage;
    case ErrorCode::kNotFound:
      return kExitNotFound;
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
    case ErrorCode::kResourceExhausted:
      return kExitUnavailable;
    case ErrorCode::kCancelled:
      return kExitInterrupted;
    default:
      return kExitFailed;
  }
}

}  // namespace

int ReportError(const CommandIo& io, std::string_view verb, const Error& error) {
  io.err << "recoup " << verb << ": " << error.message << "\n";
  return ExitCodeFor(error.code);
}

}  // namespace recoup::cli
