// What a command that changes a model leaves for the first server on it.
#pragma once

#include <filesystem>
#include <string>

namespace recoup::cli {

/// Leaves the snapshot of peers beside the store (docs/formats/peers.md), so that the first server
/// on this model answers at once. It is only a cache: if it cannot be made, that server takes a
/// second longer, and nothing is said.
void LeavePeerSnapshot(const std::filesystem::path& store, const std::filesystem::path& models,
                       const std::string& version);

}  // namespace recoup::cli
