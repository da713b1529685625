#include "server/cli/peer_snapshot_file.h"

#include "server/engine/engine.h"

namespace recoup::cli {

void LeavePeerSnapshot(const std::filesystem::path& store, const std::filesystem::path& models,
                       const std::string& version) {
  const auto engine =
      server::Engine::Open({.store = store, .models = models, .active_version = version});
  if (engine.has_value()) static_cast<void>((*engine)->MakeReady());
}

}  // namespace recoup::cli
