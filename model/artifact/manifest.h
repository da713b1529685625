// The table of contents of a model directory: which files, with which checksums, in which format.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "graph/types/result.h"

namespace recoup::model {

/// Count up when a reader of an older release could no longer read the directory. Part of the
/// format; never renumber. A model is written in the oldest format that holds it.
inline constexpr std::uint64_t kNetworkFormatVersion = 1;    // a network alone
inline constexpr std::uint64_t kEnsembleFormatVersion = 2;   // with an ensemble
inline constexpr std::uint64_t kQuantizedFormatVersion = 3;  // with the network in few bits
/// The newest format that is read.
inline constexpr std::uint64_t kModelFormatVersion = kQuantizedFormatVersion;

struct Manifest {
  std::string version;                                   // the model's name for people
  std::map<std::string, std::string> sha256;             // by file name, in lower-case hex
  std::uint64_t format_version = kNetworkFormatVersion;  // 1 to kModelFormatVersion

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
