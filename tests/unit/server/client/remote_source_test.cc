#include "server/client/cpp/remote_source.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/server/grpc/test_certificates.h"
#include "tests/unit/server/grpc/test_server.h"

namespace recoup::server::client {
namespace {

std::unique_ptr<RemoteSource> ConnectTo(const std::string& address, RemoteOptions options = {}) {
  options.address = address;
  auto source = RemoteSource::Connect(options);
  if (!source) FAIL(source.error().message);
  return std::move(source).value();
}

TEST_CASE("A loan's valuation is the same through the server as from the source itself") {
  const TestServer server;
  const auto remote = ConnectTo(server.server->address());
  const ValueRequest request{*Date::Parse("2025-06-30"), {}};
  const auto here = server.source.ValueLoan("L-1", request);
  const auto there = remote->ValueLoan("L-1", request);
  REQUIRE(there);
  CHECK(*there == *here);
}

TEST_CASE("Errors keep their code and message through the server") {
  TestServer server;
  const auto remote = ConnectTo(server.server->address());
  CHECK(remote->ValueLoan("X", {}).error() == server.source.ValueLoan("X", {}).error());
  const ValueRequest bad{std::nullopt, {.horizon_months = 0}};
  CHECK(remote->ValueLoan("L-1", bad).error() == server.source.ValueLoan("L-1", bad).error());
  CHECK(remote->GetModelCard("v9").error() == server.source.GetModelCard("v9").error());
  server.source.has_model = false;
  CHECK(remote->ValueLoan("L-1", {}).error() == server.source.ValueLoan("L-1", {}).error());
}

TEST_CASE("A portfolio is the same through the server, in order") {
  const TestServer server;
  const auto remote = ConnectTo(server.server->address());
  const std::vector<std::string> ids = {"L-4", "X", "L-2"};
  std::vector<PortfolioItem> items;
  const auto visit = [&](const PortfolioItem& item) -> Result<void> {
    items.push_back(item);
    return {};
  };
  REQUIRE(remote->ValueLoans(ids, {}, visit, nullptr));
  REQUIRE(items.size() == 3);
  CHECK(items[0].total == 3);
  CHECK(*items[0].answer == FakeSource::AnswerFor("L-4", {}));
  CHECK(items[1].loan_id == "X");
  CHECK(items[1].answer.error() == Error{ErrorCode::kNotFound, "no such loan: X"});
  CHECK(*items[2].answer == FakeSource::AnswerFor("L-2", {}));
}

TEST_CASE("A visitor that fails ends the portfolio with its error, here and there") {
  TestServer server;
  server.source.loans = 100'000'000;
  const auto remote = ConnectTo(server.server->address());
  const auto visit = [](const PortfolioItem&) -> Result<void> {
    return Error{ErrorCode::kUnavailable, "the disk is full"};
  };
  CHECK(remote->ValueLoans({}, {}, visit, nullptr).error() ==
        Error{ErrorCode::kUnavailable, "the disk is full"});
  CHECK(Eventually([&] { return server.source.portfolios_running == 0; }));
}

TEST_CASE("Stopping ends a portfolio promptly") {
  TestServer server;
  server.source.loans = 100'000'000;
  const auto remote = ConnectTo(server.server->address());
  std::atomic<bool> stop = false;
  std::size_t seen = 0;
  const auto visit = [&](const PortfolioItem&) -> Result<void> {
    if (++seen == 10) stop = true;
    return {};
  };
  const auto start = std::chrono::steady_clock::now();
  const auto result = remote->ValueLoans({}, {}, visit, &stop);
  CHECK(Since(start) < 3000);
  REQUIRE_FALSE(result);
  CHECK(result.error() == Error{ErrorCode::kCancelled, "stopped before every loan was valued"});
}

TEST_CASE("The graph's answers arrive") {
  TestServer server;
  const auto remote = ConnectTo(server.server->address());
  const graph::NodeKey key{graph::NodeKind::kParty, "P-1"};
  CHECK(*remote->GetNode(key, std::nullopt) == *server.source.GetNode(key, std::nullopt));
  CHECK(remote->GetNeighbourhood("L-1", std::nullopt, graph::SamplingOptions{7, 3})->epoch == 7);
  CHECK(remote->GetNeighbourhood("L-1", std::nullopt, std::nullopt)->epoch == 0);
  CHECK(remote->Statistics()->epoch == 42);
  CHECK(*remote->ListModels() == *server.source.ListModels());
  CHECK(remote->GetModelCard("")->card_json == R"({"metrics":{}})");
  graph::FactBatch batch = RandomValues(1).Batch();
  REQUIRE(remote->ApplyFacts(batch));
  CHECK(server.source.applied.at(0) == batch);
}

TEST_CASE("A batch with a source is sent again while the server is unavailable, others are not") {
  TestServer server;
  const auto remote = ConnectTo(server.server->address());
  const Error unavailable{ErrorCode::kUnavailable, "not now"};
  graph::FactBatch batch;
  batch.source = "tape.csv";
  server.source.apply_errors = {unavailable, unavailable};
  CHECK(remote->ApplyFacts(batch));
  CHECK(server.source.applied.size() == 3);

  server.source.apply_errors = {unavailable};
  batch.source.clear();
  CHECK(remote->ApplyFacts(batch).error().code == ErrorCode::kUnavailable);
  CHECK(server.source.applied.size() == 4);
}

TEST_CASE("A server that is not there is unavailable, by address") {
  std::string address;
  {
    const TestServer gone;
    address = gone.server->address();
  }
  const auto remote = ConnectTo(address, {.attempts = 2});
  const auto answer = remote->ValueLoan("L-1", {});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kUnavailable);
  CHECK(answer.error().message.starts_with("the server at " + address + ": "));
}

TEST_CASE("A call that is tried again reaches a server that has come back") {
  FakeSource source;
  auto first = GrpcServer::Start(source, {});
  REQUIRE(first);
  const std::string address = (*first)->address();
  const auto remote = ConnectTo(address, {.attempts = 6});
  REQUIRE(remote->ValueLoan("L-1", {}));
  first->reset();
  std::unique_ptr<GrpcServer> second;
  std::jthread restart([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    ServerOptions options;
    options.listen = address;
    auto started = GrpcServer::Start(source, options);
    if (started) second = std::move(started).value();
  });
  CHECK(remote->ValueLoan("L-1", {}));
  restart.join();
}

TEST_CASE("A server that takes too long is left at the deadline") {
  TestServer server;
  server.source.gate.Close();
  const auto remote =
      ConnectTo(server.server->address(), {.call_deadline = std::chrono::milliseconds(200)});
  const auto start = std::chrono::steady_clock::now();
  CHECK(remote->ValueLoan("L-1", {}).error().code == ErrorCode::kDeadlineExceeded);
  CHECK(Since(start) < 3000);
  server.source.gate.Open();
}

TEST_CASE("Client and server know each other by their certificates") {
  const TestCertificates files;
  REQUIRE(files.MakeAuthority("ca"));
  REQUIRE(files.MakeCertificate("server", "ca"));
  REQUIRE(files.MakeCertificate("client", "ca"));
  const TestServer server(
      {.tls = {files.File("server.pem"), files.File("server.key"), files.File("ca.pem")}});
  RemoteOptions options;
  options.server_ca = files.File("ca.pem");
  options.certificate = files.File("client.pem");
  options.private_key = files.File("client.key");
  CHECK(ConnectTo(server.server->address(), options)->ValueLoan("L-1", {}));

  options.certificate.clear();
  options.private_key.clear();
  options.attempts = 1;
  CHECK(ConnectTo(server.server->address(), options)->ValueLoan("L-1", {}).error().code ==
        ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace recoup::server::client
