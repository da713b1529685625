// Files that make a second try shorter: sealed, so that a damaged one, or one that was kept for
// something else, counts as absent.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "graph/types/result.h"

namespace recoup::model {

/// Replaces the file at once, making its folder if need be. `of_what` names everything that the
/// bytes depend on; it is part of the seal and not of the file.
/// Errors: kUnavailable (the folder cannot be written).
Result<void> KeepFile(const std::filesystem::path& path, std::string_view of_what,
                      std::string_view bytes);

/// Returns the bytes that were kept there of the same.
std::optional<std::string> RecallFile(const std::filesystem::path& path, std::string_view of_what);

}  // namespace recoup::model
