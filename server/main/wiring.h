// Where implementations are chosen and put together.
#pragma once

#include <memory>

#include "graph/types/result.h"
#include "server/config/server_config.h"
#include "server/engine/valuation_source.h"
#include "server/grpc/grpc_server.h"
#include "server/main/flags.h"
#include "server/telemetry/logger.h"

namespace recoup::server {

/// A recoupd that listens. Destroyed from the edge inwards.
struct Daemon {
  std::unique_ptr<ValuationSource> source;
  std::unique_ptr<GrpcServer> server;
};

/// Why there is no daemon.
struct StartFailure {
  ExitCode exit_code = kExitFailure;
  std::string message;
};

/// Checks what needs no store: the configuration as a whole and the TLS files.
/// Errors: kInvalidArgument.
Result<void> CheckSetup(const ServerConfig& config);

/// REQUIRES: the configuration has been checked.
Result<std::shared_ptr<Logger>> OpenLogger(const ServerConfig& config);

/// Opens store and models and listens. gRPC's own messages go to `logger` from here on.
std::variant<Daemon, StartFailure> StartDaemon(const ServerConfig& config,
                                               const std::shared_ptr<Logger>& logger);

}  // namespace recoup::server
