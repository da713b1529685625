// Writes a report to a file that the user named.
#pragma once

#include <filesystem>
#include <string_view>

#include "graph/types/result.h"

namespace recoup::cli {

/// Says early whether WriteReport could write here; leaves nothing behind.
/// Errors: kInvalidArgument (a directory or device, or no such folder), kUnavailable (not
/// writable).
Result<void> CheckReportPath(const std::filesystem::path& path);

/// Replaces the file. The text is written beside it first, so a full disk does not cost the old
/// one. Errors: those of CheckReportPath.
Result<void> WriteReport(const std::filesystem::path& path, std::string_view text);

}  // namespace recoup::cli
