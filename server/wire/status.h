// gRPC's status from and to our Error: the codes are the same numbers.
#pragma once

#include <grpcpp/support/status.h>

#include "graph/types/result.h"

namespace recoup::server::wire {

inline grpc::Status ToStatus(const Error& error) {
  return {static_cast<grpc::StatusCode>(error.code), error.message};
}

inline grpc::Status ToStatus(const Result<void>& result) {
  return result ? grpc::Status::OK : ToStatus(result.error());
}

/// REQUIRES: !status.ok().
inline Error FromStatus(const grpc::Status& status) {
  const int code = status.error_code();
  const bool known = code >= static_cast<int>(ErrorCode::kCancelled) &&
                     code <= static_cast<int>(ErrorCode::kUnauthenticated);
  return {known ? static_cast<ErrorCode>(code) : ErrorCode::kUnknown, status.error_message()};
}

}  // namespace recoup::server::wire
