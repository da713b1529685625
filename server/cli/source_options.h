// Where a command's answers come from: a store directory, or a server.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "graph/types/result.h"
#include "server/engine/valuation_source.h"

namespace CLI {
class App;
}

namespace recoup::cli {

struct SourceOptions {
  std::filesystem::path store = "recoup-data/store";
  std::filesystem::path models = "recoup-data/models";
  /// `host:port`; empty: work on the store directly.
  std::string server;
  std::string model_version;
  std::string backend = "auto";
  std::filesystem::path tls_certificate;  // PEM files; all three or none
  std::filesystem::path tls_key;
  std::filesystem::path tls_server_ca;
};

using Warn = std::function<void(const std::string&)>;

/// Adds --backend: what computes the network (server/lifecycle/model_loader.h).
void AddBackendOption(CLI::App& command, std::string& backend);

/// Adds --store, --models, --model, --backend, --server and --tls-* to a command.
void AddSourceOptions(CLI::App& command, SourceOptions& options);

/// Opens the source. `many` says that many loans will be read, which pays for copying the store
/// into RAM first. `warn` is told of what makes answers worse (EngineOptions::warn).
/// Errors: those of Engine::Open and RemoteSource::Connect.
Result<std::unique_ptr<server::ValuationSource>> OpenSource(const SourceOptions& options, bool many,
                                                            const Warn& warn = {});

}  // namespace recoup::cli
