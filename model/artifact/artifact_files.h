// Files of a model directory on disk: read whole within limits, written all or nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "graph/types/result.h"

namespace recoup::model {

/// Returns the file's bytes.
/// Errors: kNotFound (no such file), kDataLoss (larger than `max_bytes`, or no plain file),
/// kUnavailable (the disk failed).
Result<std::string> ReadWholeFile(const std::filesystem::path& path, std::uint64_t max_bytes);

/// Writes a new directory with these files, by name. They are made durable in a sibling directory,
/// which is then renamed: after a crash there is the whole directory or none, and at worst a
/// leftover named `.<name>.partial-<process>-<count>`.
/// Errors: kAlreadyExists (the directory exists), kUnavailable (the disk failed; says why).
Result<void> WriteNewDirectory(const std::filesystem::path& directory,
                               const std::map<std::string, std::string>& files);

/// Puts a directory with these files, and none else, in the place of an existing one: they are
/// written as by WriteNewDirectory, then both directories change names in one step, and the old one
/// is removed.
/// Errors: kNotFound (there is no such directory), kUnavailable (the disk failed, or its file
/// system cannot exchange names; says why).
Result<void> ReplaceDirectory(const std::filesystem::path& directory,
                              const std::map<std::string, std::string>& files);

}  // namespace recoup::model
