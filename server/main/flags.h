// The command line of recoupd.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "server/config/server_config.h"

namespace recoup::server {

/// What recoupd exits with. Part of the interface (docs/operations.md); never renumber.
enum ExitCode : int {
  kExitOk = 0,
  kExitFailure = 1,        // something unexpected
  kExitUsage = 2,          // the command line
  kExitConfiguration = 3,  // the configuration or a TLS file
  kExitStoreInUse = 4,     // another process has the store open, or its disk failed
  kExitRefused = 5,        // the store or a model is newer, damaged or something else
  kExitMissing = 6,        // there is no such store or model
  kExitCannotListen = 7,   // the address is taken or not of this machine
  kExitDrainCutShort = 8,  // calls hung after being cancelled
};

struct Flags {
  std::string config_file;
  bool check = false;
  /// Written with the port once listening; for scripts that ask for port 0.
  std::string port_file;
  std::optional<std::string> store;
  std::optional<std::string> models;
  std::optional<std::string> listen;
};

/// Returns the flags, or the code to exit with after --help, --version or a mistake, which it has
/// printed.
std::variant<Flags, ExitCode> ParseFlags(int argc, char** argv);

/// Reads the configuration file, if one is given, and lets the flags override it.
/// Errors: those of LoadServerConfig.
Result<ServerConfig> ReadConfig(const Flags& flags);

}  // namespace recoup::server
