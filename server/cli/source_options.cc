#include "server/cli/source_options.h"

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "server/client/cpp/remote_source.h"
#include "server/engine/engine.h"
#include "server/lifecycle/model_loader.h"

namespace recoup::cli {

void AddBackendOption(CLI::App& command, std::string& backend) {
  command
      .add_option(
          "--backend", backend,
          "auto, local (in as few bits as the model has, 8 before 4), local-fp32, local-int8, "
          "local-int4 or torch")
      ->capture_default_str()
      ->check(CLI::IsMember(
          std::vector<std::string>(server::kBackends.begin(), server::kBackends.end())));
}

void AddSourceOptions(CLI::App& command, SourceOptions& options) {
  command.add_option("--store", options.store, "Store directory")->capture_default_str();
  command.add_option("--models", options.models, "Directory that holds the models")
      ->capture_default_str();
  command.add_option("--model", options.model_version, "Model version (default: the highest)");
  AddBackendOption(command, options.backend);
  command.add_option("--server", options.server,
                     "Ask the server at HOST:PORT instead of opening a store");
  command.add_option("--tls-cert", options.tls_certificate, "Client certificate (PEM)");
  command.add_option("--tls-key", options.tls_key, "Client key (PEM)");
  command.add_option("--tls-ca", options.tls_server_ca,
                     "Certificate authority of the server (PEM)");
}

Result<std::unique_ptr<server::ValuationSource>> OpenSource(const SourceOptions& options, bool many,
                                                            const Warn& warn) {
  if (!options.server.empty()) {
    server::client::RemoteOptions remote_options;
    remote_options.address = options.server;
    remote_options.server_ca = options.tls_server_ca.string();
    remote_options.certificate = options.tls_certificate.string();
    remote_options.private_key = options.tls_key.string();
    RECOUP_ASSIGN(std::unique_ptr<server::ValuationSource> remote,
                  server::client::RemoteSource::Connect(remote_options));
    return remote;
  }
  RECOUP_ASSIGN(std::unique_ptr<server::ValuationSource> engine,
                server::Engine::Open({.store = options.store,
                                      .models = options.models,
                                      .active_version = options.model_version,
                                      .backend = options.backend,
                                      .serve_from_memory = many,
                                      .warn = warn}));
  return engine;
}

}  // namespace recoup::cli
