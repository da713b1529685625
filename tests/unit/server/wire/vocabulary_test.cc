#include "server/wire/vocabulary.h"

#include <catch2/catch_test_macros.hpp>

#include "server/wire/status.h"

namespace recoup::server::wire {
namespace {

TEST_CASE("Every kind has the same number and name on the wire") {
  for (const graph::NodeKind kind : graph::kAllNodeKinds) {
    CHECK(static_cast<int>(ToProto(kind)) == static_cast<int>(kind));
    CHECK(*FromProto(ToProto(kind)) == kind);
  }
  for (const graph::EdgeKind kind : graph::kAllEdgeKinds) {
    CHECK(static_cast<int>(ToProto(kind)) == static_cast<int>(kind));
    CHECK(*FromProto(ToProto(kind)) == kind);
  }
  CHECK(v1::NodeKind_ARRAYSIZE == graph::kAllNodeKinds.size() + 1);
  CHECK(v1::EdgeKind_ARRAYSIZE == graph::kAllEdgeKinds.size() + 1);
}

TEST_CASE("Money needs a currency that exists") {
  v1::Money money;
  money.set_minor_units(1);
  CHECK(FromProto(money).error().code == ErrorCode::kInvalidArgument);
  money.set_currency("USD");
  CHECK(FromProto(money)->ToString() == "0.01 USD");
}

TEST_CASE("Every error code keeps its number and message as a gRPC status") {
  for (int code = 1; code <= 16; ++code) {
    const Error error{static_cast<ErrorCode>(code), "what happened"};
    const grpc::Status status = ToStatus(error);
    CHECK(static_cast<int>(status.error_code()) == code);
    CHECK(FromStatus(status) == error);
  }
  CHECK(ToStatus(Result<void>()).ok());
}

}  // namespace
}  // namespace recoup::server::wire
