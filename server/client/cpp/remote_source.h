// The use cases answered by a recoupd elsewhere.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "graph/types/result.h"
#include "server/engine/valuation_source.h"

namespace recoup::server::client {

struct RemoteOptions {
  /// `host:port`, `[ipv6]:port` or `unix:path`.
  std::string address = "127.0.0.1:7433";
  /// PEM file with the CA of the server's certificate; empty: no TLS.
  std::string server_ca = {};
  /// PEM files that the client shows; both or neither, and only with TLS.
  std::string certificate = {};
  std::string private_key = {};
  /// The name in the server's certificate, if it is not the host of `address`.
  std::string server_name = {};
  /// One call with all its attempts.
  std::chrono::milliseconds call_deadline = std::chrono::seconds(30);
  /// A whole portfolio.
  std::chrono::milliseconds portfolio_deadline = std::chrono::hours(1);
  /// Attempts of a call that changes nothing, or whose repetition is harmless, while the server
  /// cannot be reached.
  int attempts = 3;
};

/// Asks a recoupd. Errors keep the code and message of the server; kUnavailable means that it could
/// not be reached, kDeadlineExceeded that it took too long.
/// Threads: share freely.
class RemoteSource : public ValuationSource {
 public:
  /// Does not wait for the server. Errors: kInvalidArgument (the TLS options do not fit together or
  /// a file cannot be read).
  static Result<std::unique_ptr<RemoteSource>> Connect(const RemoteOptions& options);
};

}  // namespace recoup::server::client
