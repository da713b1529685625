// Finding and opening librecoup_torch.so; apart from LoadNetworkPlugin so that tests can point it
// elsewhere.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "graph/types/result.h"
#include "model/predictor/network_plugin.h"

namespace recoup::model {

/// Counts up with every change of NetworkPlugin or of a type in its signatures; host and plug-in
/// must agree.
inline constexpr std::uint32_t kPluginAbi = 3;

/// The plug-in's entry point, `extern "C"`: returns null if it was built for another ABI.
using PluginEntry = const NetworkPlugin* (*)(std::uint32_t host_abi);
inline constexpr const char* kPluginEntryName = "recoup_network_plugin";
inline constexpr const char* kPluginFileName = "librecoup_torch.so";

/// Returns where the plug-in is looked for, in order: RECOUP_PLUGIN_DIR, the lib directory beside
/// the program's, the loader's own path.
std::vector<std::string> PluginCandidates();

/// Opens the first of `candidates` that exists; one without a slash is left to the loader.
/// Errors: kFailedPrecondition (as LoadNetworkPlugin).
Result<const NetworkPlugin*> OpenPlugin(std::span<const std::string> candidates,
                                        std::uint32_t host_abi = kPluginAbi);

}  // namespace recoup::model
