// A channel to a recoupd, in clear or with TLS.
#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "graph/types/result.h"
#include "server/client/cpp/remote_source.h"

namespace recoup::server::client {

/// Does not wait for the server. Errors: kInvalidArgument (the TLS options do not fit together or a
/// file cannot be read).
Result<std::shared_ptr<grpc::Channel>> OpenChannel(const RemoteOptions& options);

}  // namespace recoup::server::client
