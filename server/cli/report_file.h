// Shows a table where the user wants it: on the terminal, and as a report in a file.
#pragma once

#include <filesystem>
#include <string_view>

#include "graph/types/result.h"
#include "model/evaluation/evaluation_table.h"
#include "server/cli/command.h"

namespace recoup::cli {

/// Says early whether WriteReport could write here; leaves nothing behind.
/// Errors: kInvalidArgument (a directory or device, or no such folder), kUnavailable (not
/// writable).
Result<void> CheckReportPath(const std::filesystem::path& path);

/// Replaces the file. The text is written beside it first, so a full disk does not cost the old
/// one. Errors: those of CheckReportPath.
Result<void> WriteReport(const std::filesystem::path& path, std::string_view text);

/// Prints a table to io.out as `table` or `json`, and writes it as a page too unless `html` is
/// empty. Errors: those of WriteReport.
Result<void> ShowTable(const model::EvaluationTable& table, std::string_view format,
                       const std::filesystem::path& html, const CommandIo& io);

}  // namespace recoup::cli
