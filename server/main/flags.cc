#include "server/main/flags.h"

#include <CLI/CLI.hpp>
#include <string_view>

namespace recoup::server {
namespace {

constexpr std::string_view kFooter =
    "Examples:\n"
    "  recoupd --store store --models models           on 127.0.0.1:7433\n"
    "  recoupd --config /etc/recoup/recoupd.toml\n"
    "  recoupd --config recoupd.toml --check           is the configuration right?\n"
    "SIGTERM lets calls in flight end; a second one stops at once.";

}  // namespace

std::variant<Flags, ExitCode> ParseFlags(int argc, char** argv) {
  Flags flags;
  CLI::App app("Serves valuations of non-performing loans over gRPC.", "recoupd");
  app.set_version_flag("--version", std::string("recoupd ") + RECOUP_VERSION);
  app.add_option("--config", flags.config_file, "The configuration file (TOML)");
  app.add_flag("--check", flags.check, "Check the configuration and exit");
  app.add_option("--store", flags.store, "The graph's directory; overrides store.directory");
  app.add_option("--models", flags.models, "The models' directory; overrides models.directory");
  app.add_option("--listen", flags.listen, "host:port; overrides server.listen");
  app.add_option("--port-file", flags.port_file, "Write the port here once listening");
  app.footer(std::string(kFooter));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return flags;
}

Result<ServerConfig> ReadConfig(const Flags& flags) {
  ServerConfig config;
  if (!flags.config_file.empty()) {
    RECOUP_ASSIGN(config, LoadServerConfig(flags.config_file));
  }
  if (flags.store) config.store_directory = *flags.store;
  if (flags.models) config.models_directory = *flags.models;
  if (flags.listen) config.listen = *flags.listen;
  return config;
}

}  // namespace recoup::server
