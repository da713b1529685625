// The gRPC edge: recoup.v1, health and reflection on one address.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "graph/types/result.h"
#include "server/engine/valuation_source.h"
#include "server/grpc/call_context.h"
#include "server/grpc/tls_files.h"

namespace recoup::server {

struct ServerOptions {
  /// `host:port`, `[ipv6]:port` or `unix:path`; port 0 takes a free one.
  std::string listen = "127.0.0.1:0";
  TlsFiles tls = {};
  std::size_t worker_threads = 0;  // 0: one a core
  std::size_t queue_limit = 256;
  std::size_t stream_limit = 8;
  int max_message_bytes = 4 << 20;
  std::chrono::milliseconds call_deadline = std::chrono::seconds(30);
  std::chrono::milliseconds stream_deadline = std::chrono::hours(1);
  /// Told of every call that ends; may be empty.
  CallObserver observer = {};
};

/// Serves until drained.
/// Threads: share freely; Drain once. Lifetime: the source outlives the server.
class GrpcServer {
 public:
  /// Errors: kInvalidArgument (a TLS file is not usable), kUnavailable (cannot bind the address).
  static Result<std::unique_ptr<GrpcServer>> Start(ValuationSource& source,
                                                   const ServerOptions& options);

  /// Cancels what is in flight.
  virtual ~GrpcServer() = default;

  /// Returns where it listens, with the real port.
  virtual std::string address() const = 0;
  virtual int port() const = 0;

  /// Reports NOT_SERVING, refuses new calls, lets those in flight end for `grace`, then cancels the
  /// rest. Returns when all are done.
  /// Errors: kDeadlineExceeded (a worker hangs, 5 s after the grace: the process should exit
  /// without destroying anything).
  virtual Result<void> Drain(std::chrono::milliseconds grace) = 0;
};

}  // namespace recoup::server
