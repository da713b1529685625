// The table of contents of a model directory: which files, with which checksums, in which format.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "graph/types/result.h"

namespace recoup::model {

/// Counts up when a reader of an older release could no longer read the directory.
inline constexpr std::uint64_t kModelFormatVersion = 1;

struct Manifest {
  std::string version;                        // the model's name for people
  std::map<std::string, std::string> sha256;  // by file name, in lower-case hex

  bool operator==(const Manifest&) const = default;
};

/// Errors: kInvalidArgument (not 1 to 64 of letters, digits, `.`, `_`, `+` and `-`).
Result<void> CheckModelVersion(std::string_view version);

/// Returns the bytes of manifest.json. It ends with a seal: the SHA-256 of the text that has zeros
/// in the seal's place, so that damage to the manifest itself shows.
std::string WriteManifest(const Manifest& manifest);

/// Errors: kDataLoss (damaged), kFailedPrecondition (a newer format), kInvalidArgument (some other
/// JSON, not a Recoup model).
Result<Manifest> ReadManifest(std::string_view text);

}  // namespace recoup::model
