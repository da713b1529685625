// A server over a fake source on loopback, and stubs that talk to it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "recoup/v1/graph_service.grpc.pb.h"
#include "recoup/v1/model_service.grpc.pb.h"
#include "recoup/v1/valuation_service.grpc.pb.h"
#include "server/grpc/grpc_server.h"
#include "tests/unit/server/grpc/fake_source.h"

namespace recoup::server {

inline std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

struct TestServer {
  explicit TestServer(const ServerOptions& options = {}) {
    auto started = GrpcServer::Start(source, options);
    if (!started) FAIL(started.error().message);
    server = std::move(started).value();
    channel = ChannelTo(server->address());
    valuation = v1::ValuationService::NewStub(channel);
    graph = v1::GraphService::NewStub(channel);
    model = v1::ModelService::NewStub(channel);
  }

  grpc::Status ValueLoan(const std::string& id, v1::ValueLoanResponse* response,
                         std::chrono::milliseconds deadline = std::chrono::seconds(20)) const {
    v1::ValueLoanRequest request;
    request.set_loan_id(id);
    return ValueLoan(request, response, deadline);
  }
  grpc::Status ValueLoan(const v1::ValueLoanRequest& request, v1::ValueLoanResponse* response,
                         std::chrono::milliseconds deadline = std::chrono::seconds(20)) const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    return valuation->ValueLoan(&context, request, response);
  }

  FakeSource source;
  std::unique_ptr<GrpcServer> server;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::ValuationService::Stub> valuation;
  std::unique_ptr<v1::GraphService::Stub> graph;
  std::unique_ptr<v1::ModelService::Stub> model;
};

/// Waits until `condition` holds; false after `limit`.
template <typename Condition>
bool Eventually(const Condition& condition,
                std::chrono::milliseconds limit = std::chrono::seconds(10)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

/// Milliseconds since `start`.
inline auto Since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start)
      .count();
}

}  // namespace recoup::server
