#include "server/grpc/grpc_server.h"

#include <grpcpp/generic/generic_stub.h>

#include <fstream>
#include <mutex>
#include <vector>

#include "tests/unit/server/grpc/test_certificates.h"
#include "tests/unit/server/grpc/test_server.h"

namespace recoup::server {
namespace {

// grpc.health.v1 by hand: the request is field 1, a string; the reply is field 1, an enum.
int HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  grpc::Slice slice(std::string("\x0a") + static_cast<char>(service.size()) + service);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer reply;
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  const auto call =
      stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  grpc::Status status;
  call->Finish(&reply, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  REQUIRE(queue.Next(&tag, &ok));
  if (!status.ok()) return -static_cast<int>(status.error_code());
  grpc::Slice bytes;
  REQUIRE(reply.DumpToSingleSlice(&bytes).ok());
  return bytes.size() == 2 ? bytes.begin()[1] : 0;
}
constexpr int kServing = 1;
constexpr int kNotServing = 2;

TEST_CASE("A free port is taken and told") {
  const TestServer server;
  CHECK(server.server->port() > 0);
  CHECK(server.server->address() == "127.0.0.1:" + std::to_string(server.server->port()));
}

TEST_CASE("An address in use is an error, not a shared port") {
  TestServer first;
  FakeSource source;
  ServerOptions options;
  options.listen = first.server->address();
  const auto second = GrpcServer::Start(source, options);
  REQUIRE_FALSE(second);
  CHECK(second.error() ==
        Error{ErrorCode::kUnavailable,
              "cannot listen; is the address in use or not of this machine: " + options.listen});
}

TEST_CASE("Health is told by service; valuing is healthy only with a model") {
  const TestServer server;
  CHECK(HealthOf(server.channel, "") == kServing);
  CHECK(HealthOf(server.channel, "recoup.v1.ValuationService") == kServing);
  CHECK(HealthOf(server.channel, "recoup.v1.Nothing") ==
        -static_cast<int>(grpc::StatusCode::NOT_FOUND));

  FakeSource without;
  without.has_model = false;
  const auto bare = GrpcServer::Start(without, {});
  REQUIRE(bare);
  const auto channel = ChannelTo((*bare)->address());
  CHECK(HealthOf(channel, "recoup.v1.ValuationService") == kNotServing);
  CHECK(HealthOf(channel, "recoup.v1.GraphService") == kServing);
}

TEST_CASE("Draining lets fifty calls in flight end and refuses new ones") {
  TestServer server({.worker_threads = 50});
  server.source.gate.Close();
  std::atomic<int> answered = 0;
  std::vector<std::jthread> callers;
  for (int i = 0; i < 50; ++i) {
    callers.emplace_back([&] {
      v1::ValueLoanResponse response;
      if (server.ValueLoan("L-1", &response).ok()) ++answered;
    });
  }
  REQUIRE(server.source.gate.AwaitInside(50));
  std::jthread opener([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    v1::ValueLoanResponse response;
    CHECK_FALSE(server.ValueLoan("L-2", &response, std::chrono::milliseconds(200)).ok());
    server.source.gate.Open();
  });
  const auto start = std::chrono::steady_clock::now();
  CHECK(server.server->Drain(std::chrono::seconds(10)));
  CHECK(Since(start) < 5000);
  callers.clear();
  CHECK(answered == 50);
}

TEST_CASE("Draining cancels what does not end within the grace") {
  TestServer server({.worker_threads = 50});
  server.source.loans = 100'000'000;
  server.source.gate.Close();
  std::atomic<int> ended = 0;
  std::vector<std::jthread> callers;
  for (int i = 0; i < 46; ++i) {
    callers.emplace_back([&] {
      v1::ValueLoanResponse response;
      if (!server.ValueLoan("L-1", &response).ok()) ++ended;
      if (ended == 46) server.source.gate.Open();  // else the workers would hang for ever
    });
  }
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      grpc::ClientContext context;
      const auto reader = server.valuation->ValueLoans(&context, {});
      v1::ValueLoansResponse reply;
      while (reader->Read(&reply)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      CHECK_FALSE(reader->Finish().ok());
    });
  }
  REQUIRE(server.source.gate.AwaitInside(46));
  REQUIRE(Eventually([&] { return server.source.portfolios_running == 4; }));
  const auto start = std::chrono::steady_clock::now();
  CHECK(server.server->Drain(std::chrono::milliseconds(500)));
  CHECK(Since(start) >= 450);
  CHECK(Since(start) < 3000);
  callers.clear();
  CHECK(ended == 46);
}

TEST_CASE("Every call that ends is told to the observer") {
  std::mutex mutex;
  std::vector<std::pair<std::string, int>> seen;
  ServerOptions options;
  options.observer = [&](const CallReport& report) {
    const std::lock_guard lock(mutex);
    seen.emplace_back(report.method, report.code);
  };
  {
    const TestServer server(options);
    v1::ValueLoanResponse response;
    (void)server.ValueLoan("L-1", &response);
    (void)server.ValueLoan("X", &response);
    CHECK(server.server->Drain(std::chrono::seconds(5)));
  }
  const std::lock_guard lock(mutex);
  CHECK(seen == std::vector<std::pair<std::string, int>>{{"ValueLoan", 0}, {"ValueLoan", 5}});
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Caller {
  std::string authority;
  std::string certificate;  // empty: shows none
};

grpc::Status CallWith(const TestCertificates& files, const std::string& address,
                      const Caller& caller) {
  grpc::SslCredentialsOptions ssl;
  ssl.pem_root_certs = ReadFile(files.File(caller.authority + ".pem"));
  if (!caller.certificate.empty()) {
    ssl.pem_cert_chain = ReadFile(files.File(caller.certificate + ".pem"));
    ssl.pem_private_key = ReadFile(files.File(caller.certificate + ".key"));
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto channel = grpc::CreateCustomChannel(address, grpc::SslCredentials(ssl), arguments);
  const auto stub = v1::ValuationService::NewStub(channel);
  v1::ValueLoanRequest request;
  request.set_loan_id("L-1");
  v1::ValueLoanResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  return stub->ValueLoan(&context, request, &response);
}

TEST_CASE("With a client CA, only clients with its certificate are let in") {
  const TestCertificates files;
  REQUIRE(files.MakeAuthority("ca"));
  REQUIRE(files.MakeAuthority("stranger-ca"));
  REQUIRE(files.MakeCertificate("server", "ca"));
  REQUIRE(files.MakeCertificate("client", "ca"));
  REQUIRE(files.MakeCertificate("stranger", "stranger-ca"));
  TestServer server(
      {.tls = {files.File("server.pem"), files.File("server.key"), files.File("ca.pem")}});
  const std::string address = server.server->address();
  const grpc::Status welcome = CallWith(files, address, {"ca", "client"});
  INFO(welcome.error_message());
  CHECK(welcome.ok());
  CHECK(CallWith(files, address, {"ca", ""}).error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(CallWith(files, address, {"ca", "stranger"}).error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(CallWith(files, address, {"stranger-ca", "client"}).error_code() ==
        grpc::StatusCode::UNAVAILABLE);
  v1::ValueLoanResponse response;
  CHECK(server.ValueLoan("L-1", &response).error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(server.source.value_loan_calls == 1);
}

TEST_CASE("A TLS file that is not usable stops the start") {
  FakeSource source;
  const auto server =
      GrpcServer::Start(source, {.tls = {"/nonexistent.pem", "/nonexistent.key", ""}});
  REQUIRE_FALSE(server);
  CHECK(server.error() ==
        Error{ErrorCode::kInvalidArgument, "cannot read the certificate: /nonexistent.pem"});
}

}  // namespace
}  // namespace recoup::server
