#include "model/predictor/network_plugin.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <system_error>

#include "model/predictor/plugin_library.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

Error Unavailable(const std::string& reason) {
  return {
      ErrorCode::kFailedPrecondition,
      "training and the torch backend need LibTorch, which could not be loaded; install it with "
      "`apt install libtorch2.6` (Debian 13) or `apt install libtorch1.13` (Debian 12), in a "
      "source tree with `./dev setup`: " +
          reason};
}

std::string LoaderMessage() {
  const char* message = ::dlerror();
  return message == nullptr ? "unknown reason" : message;
}

Result<const NetworkPlugin*> EnterPlugin(void* library, const std::string& path,
                                         std::uint32_t host_abi) {
  const auto entry = reinterpret_cast<PluginEntry>(::dlsym(library, kPluginEntryName));
  if (entry == nullptr) return Unavailable(path + " is not a plug-in of Recoup");
  const NetworkPlugin* plugin = entry(host_abi);
  if (plugin == nullptr) {
    return Unavailable(path + " belongs to another release of Recoup; install both from one build");
  }
  return plugin;
}

}  // namespace

std::vector<std::string> PluginCandidates() {
  std::vector<std::string> candidates;
  const char* directory = std::getenv("RECOUP_PLUGIN_DIR");  // NOLINT: nobody writes environment
  if (directory != nullptr && *directory != '\0') {
    candidates.push_back((fs::path(directory) / kPluginFileName).string());
  }
  std::error_code code;
  const fs::path program = fs::read_symlink("/proc/self/exe", code);
  if (!code) {
    const fs::path root = program.parent_path().parent_path();
    candidates.push_back((root / "lib" / kPluginFileName).string());
  }
  candidates.emplace_back(kPluginFileName);
  return candidates;
}

Result<const NetworkPlugin*> OpenPlugin(std::span<const std::string> candidates,
                                        std::uint32_t host_abi) {
  std::string reason = "no place to look in";
  for (const std::string& candidate : candidates) {
    std::error_code code;
    const bool with_path = candidate.find('/') != std::string::npos;
    if (with_path && !fs::exists(candidate, code)) {
      reason = "no such file: " + candidate;
      continue;
    }
    // RTLD_LOCAL keeps LibTorch's symbols from the rest of the program. The library is never
    // closed: LibTorch starts threads that outlive every call.
    void* library = ::dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library != nullptr) return EnterPlugin(library, candidate, host_abi);
    reason = LoaderMessage();
    if (with_path) break;  // it is there and does not load: the reason to report is this one
  }
  return Unavailable(reason);
}

Result<const NetworkPlugin*> LoadNetworkPlugin() {
  static std::mutex mutex;
  static const NetworkPlugin* loaded = nullptr;
  const std::lock_guard<std::mutex> lock(mutex);
  if (loaded != nullptr) return loaded;
  const auto candidates = PluginCandidates();
  auto plugin = OpenPlugin(candidates);
  if (plugin) loaded = *plugin;  // a failure is not remembered: LibTorch may be installed meanwhile
  return plugin;
}

}  // namespace recoup::model
