#include <thread>
#include <vector>

#include "server/wire/valuations.h"
#include "tests/unit/server/grpc/test_server.h"

namespace recoup::server {
namespace {

TEST_CASE("A loan's valuation arrives as the source gave it") {
  const TestServer server;
  v1::ValueLoanRequest request;
  request.set_loan_id("L-3");
  request.mutable_as_of()->set_iso("2025-06-30");
  v1::ValueLoanResponse response;
  REQUIRE(server.ValueLoan(request, &response).ok());
  const auto answer = wire::FromProto(response.valuation());
  REQUIRE(answer);
  CHECK(*answer == FakeSource::AnswerFor("L-3", {*Date::Parse("2025-06-30"), {}}));
}

TEST_CASE("The caller's mistakes come back with their code and message") {
  TestServer server;
  v1::ValueLoanResponse response;
  const grpc::Status unknown = server.ValueLoan("X", &response);
  CHECK(unknown.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(unknown.error_message() == "no such loan: X");

  v1::ValueLoanRequest request;
  request.set_loan_id("L-1");
  request.mutable_as_of()->set_iso("30.06.2025");
  const grpc::Status malformed = server.ValueLoan(request, &response);
  CHECK(malformed.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(malformed.error_message().starts_with("as_of: "));

  request.mutable_as_of()->set_iso("1999-12-31");
  const grpc::Status early = server.ValueLoan(request, &response);
  CHECK(early.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(early.error_message() == "nothing is known by this day: 1999-12-31");

  request.mutable_as_of()->set_iso("2025-06-30");
  request.mutable_terms()->set_horizon_months(0);
  CHECK(server.ValueLoan(request, &response).error_code() == grpc::StatusCode::INVALID_ARGUMENT);

  server.source.has_model = false;
  CHECK(server.ValueLoan("L-1", &response).error_code() == grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_CASE("Calls beyond threads and queue are refused at once; the others are answered") {
  TestServer server({.worker_threads = 1, .queue_limit = 2});
  server.source.gate.Close();
  std::atomic<int> answered = 0;
  std::vector<std::jthread> callers;
  const auto call = [&] {
    v1::ValueLoanResponse response;
    if (server.ValueLoan("L-1", &response).ok()) ++answered;
  };
  callers.emplace_back(call);
  REQUIRE(server.source.gate.AwaitInside(1));
  callers.emplace_back(call);
  callers.emplace_back(call);
  grpc::Status refused;
  REQUIRE(Eventually([&] {
    v1::ValueLoanResponse response;
    refused = server.ValueLoan("L-1", &response, std::chrono::milliseconds(100));
    return refused.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
  }));
  CHECK(refused.error_message() == "the server is busy: try again later");
  server.source.gate.Open();
  callers.clear();
  // A probe of the loop above may have taken a caller's place before it was refused.
  CHECK(answered >= 1);
}

TEST_CASE("A call ends at its deadline although its worker is still busy") {
  TestServer server({.worker_threads = 1});
  server.source.gate.Close();
  v1::ValueLoanResponse response;
  const auto start = std::chrono::steady_clock::now();
  const grpc::Status late = server.ValueLoan("L-1", &response, std::chrono::milliseconds(100));
  CHECK(late.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  CHECK(Since(start) < 2000);
  server.source.gate.Open();
  CHECK(server.ValueLoan("L-1", &response).ok());
}

TEST_CASE("A call whose caller has gone before its turn is never computed") {
  TestServer server({.worker_threads = 1});
  server.source.gate.Close();
  std::jthread busy([&] {
    v1::ValueLoanResponse response;
    CHECK(server.ValueLoan("L-1", &response).ok());
  });
  REQUIRE(server.source.gate.AwaitInside(1));
  for (int i = 0; i < 5; ++i) {
    v1::ValueLoanResponse response;
    CHECK(server.ValueLoan("L-2", &response, std::chrono::milliseconds(50)).error_code() ==
          grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  server.source.gate.Open();
  busy.join();
  v1::ValueLoanResponse response;
  CHECK(server.ValueLoan("L-3", &response).ok());
  CHECK(server.source.value_loan_calls == 2);
}

TEST_CASE("A call that waited longer than the server's own deadline is not computed") {
  TestServer server({.worker_threads = 1, .call_deadline = std::chrono::milliseconds(50)});
  server.source.gate.Close();
  std::jthread busy([&] {
    v1::ValueLoanResponse response;
    CHECK(server.ValueLoan("L-1", &response).ok());
  });
  REQUIRE(server.source.gate.AwaitInside(1));
  std::jthread waiting([&] {
    v1::ValueLoanResponse response;
    const grpc::Status status = server.ValueLoan("L-2", &response);
    CHECK(status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
    CHECK(status.error_message() == "the call waited too long for a thread");
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  server.source.gate.Open();
}

TEST_CASE("Two hundred callers that give up at random times leave the server whole") {
  TestServer server({.worker_threads = 2, .queue_limit = 1000});
  server.source.delay = std::chrono::milliseconds(1);
  {
    std::vector<std::jthread> callers;
    for (int t = 0; t < 8; ++t) {
      callers.emplace_back([&, t] {
        RandomValues random(static_cast<std::uint64_t>(t));
        for (int i = 0; i < 25; ++i) {
          v1::ValueLoanResponse response;
          (void)server.ValueLoan("L-1", &response, std::chrono::milliseconds(random.Below(8)));
        }
      });
    }
  }
  v1::ValueLoanResponse response;
  CHECK(server.ValueLoan("L-1", &response).ok());
  CHECK(server.server->Drain(std::chrono::seconds(5)));
}

}  // namespace
}  // namespace recoup::server
