#include "server/cli/command.h"

#include <catch2/catch_test_macros.hpp>
#include <sstream>

namespace recoup::cli {
namespace {

TEST_CASE("An error is printed with its verb and mapped to the exit code of its kind", "[cli]") {
  std::ostringstream out;
  std::ostringstream err;
  const std::atomic<bool> stop = false;
  const CommandIo io{out, err, stop};
  CHECK(ReportError(io, "value", {ErrorCode::kNotFound, "no such loan: X"}) == kExitNotFound);
  CHECK(err.str() == "recoup value: no such loan: X\n");
  CHECK(out.str().empty());
  CHECK(ReportError(io, "value", {ErrorCode::kInvalidArgument, ""}) == kExitUsage);
  CHECK(ReportError(io, "value", {ErrorCode::kUnavailable, ""}) == kExitUnavailable);
  CHECK(ReportError(io, "value", {ErrorCode::kCancelled, ""}) == kExitInterrupted);
  CHECK(ReportError(io, "value", {ErrorCode::kDataLoss, ""}) == kExitFailed);
}

}  // namespace
}  // namespace recoup::cli
