// Names a tape by its content, so that reading it again is recognised as such.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "graph/types/result.h"

namespace recoup::graph {

/// Everything that decides which facts stand in which batch.
struct TapeIdentity {
  std::string_view mapping_text;
  std::size_t facts_per_batch = 0;
  std::size_t bytes_per_batch = 0;
  std::vector<std::filesystem::path> files;  // in the order of the mapping; absent ones count, too
};

/// Returns 32 hexadecimal digits (XXH3, 128 bits): against mistakes, not against an attacker.
/// Errors: kUnavailable (a file cannot be read).
Result<std::string> TapeDigest(const TapeIdentity& tape);

}  // namespace recoup::graph
