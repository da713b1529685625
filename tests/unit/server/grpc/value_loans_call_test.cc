#include "server/grpc/value_loans_call.h"

#include <vector>

#include "server/wire/valuations.h"
#include "tests/unit/server/grpc/test_server.h"

namespace recoup::server {
namespace {

using Reader = std::unique_ptr<grpc::ClientReader<v1::ValueLoansResponse>>;

std::size_t ReadAll(const Reader& reader) {
  std::size_t count = 0;
  for (v1::ValueLoansResponse reply; reader->Read(&reply);) ++count;
  return count;
}

TEST_CASE("A portfolio arrives whole, in order, with its total in every reply") {
  TestServer server;
  server.source.loans = 1000;
  grpc::ClientContext context;
  const Reader reader = server.valuation->ValueLoans(&context, {});
  v1::ValueLoansResponse reply;
  for (std::size_t i = 0; i < 1000; ++i) {
    REQUIRE(reader->Read(&reply));
    REQUIRE(reply.valuation().loan_id() == "L-" + std::to_string(i));
    REQUIRE(reply.total() == 1000);
  }
  CHECK_FALSE(reader->Read(&reply));
  CHECK(reader->Finish().ok());
}

TEST_CASE("A loan that cannot be valued is a reply and does not end the stream") {
  const TestServer server;
  v1::ValueLoansRequest request;
  for (const char* id : {"L-1", "X", "L-2"}) request.add_loan_ids(id);
  grpc::ClientContext context;
  const Reader reader = server.valuation->ValueLoans(&context, request);
  v1::ValueLoansResponse reply;
  REQUIRE(reader->Read(&reply));
  CHECK(reply.has_valuation());
  REQUIRE(reader->Read(&reply));
  CHECK(reply.error().loan_id() == "X");
  CHECK(reply.error().code() == grpc::StatusCode::NOT_FOUND);
  REQUIRE(reader->Read(&reply));
  CHECK(reply.valuation().loan_id() == "L-2");
  CHECK(ReadAll(reader) == 0);
  CHECK(reader->Finish().ok());
}

TEST_CASE("An empty portfolio ends well; a malformed day ends with its error") {
  TestServer server;
  server.source.loans = 0;
  grpc::ClientContext context;
  const Reader reader = server.valuation->ValueLoans(&context, {});
  CHECK(ReadAll(reader) == 0);
  CHECK(reader->Finish().ok());

  v1::ValueLoansRequest request;
  request.mutable_as_of()->set_iso("soon");
  grpc::ClientContext second;
  const Reader refused = server.valuation->ValueLoans(&second, request);
  CHECK(ReadAll(refused) == 0);
  CHECK(refused->Finish().error_code() == grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_CASE("A slow reader slows the work down instead of filling memory") {
  TestServer server;
  server.source.loans = 200'000;
  grpc::ClientContext context;
  const Reader reader = server.valuation->ValueLoans(&context, {});
  v1::ValueLoansResponse reply;
  REQUIRE(reader->Read(&reply));
  // What is ahead: our buffer and the windows of HTTP/2 and of the socket. It fills, then stands.
  std::size_t before = 0;
  CHECK(Eventually([&] {
    before = server.source.visited;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return server.source.visited == before;
  }));
  CHECK(before < 50'000);
  context.TryCancel();
  CHECK(reader->Finish().error_code() == grpc::StatusCode::CANCELLED);
}

TEST_CASE("A reader that goes away in mid-stream stops the work promptly") {
  TestServer server;
  server.source.loans = 100'000'000;
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    const Reader reader = server.valuation->ValueLoans(&context, {});
    v1::ValueLoansResponse reply;
    REQUIRE(reader->Read(&reply));
    context.TryCancel();
    CHECK(reader->Finish().error_code() == grpc::StatusCode::CANCELLED);
    REQUIRE(
        Eventually([&] { return server.source.portfolios_running == 0; }, std::chrono::seconds(2)));
  }
  CHECK(server.server->Drain(std::chrono::seconds(2)));
}

TEST_CASE("A reader whose connection breaks stops the work too") {
  TestServer server;
  server.source.loans = 100'000'000;
  {
    auto channel = ChannelTo(server.server->address());
    const auto stub = v1::ValuationService::NewStub(channel);
    grpc::ClientContext context;
    const Reader reader = stub->ValueLoans(&context, {});
    v1::ValueLoansResponse reply;
    REQUIRE(reader->Read(&reply));
  }
  CHECK(Eventually([&] { return server.source.portfolios_running == 0; }, std::chrono::seconds(2)));
}

TEST_CASE("Portfolios beyond the limit are refused, and admitted again after one ends") {
  TestServer server({.stream_limit = 2});
  server.source.loans = 100'000'000;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<Reader> readers;
  v1::ValueLoansResponse reply;
  for (int i = 0; i < 2; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    readers.push_back(server.valuation->ValueLoans(contexts.back().get(), {}));
    REQUIRE(readers.back()->Read(&reply));
  }
  grpc::ClientContext third;
  const Reader refused = server.valuation->ValueLoans(&third, {});
  CHECK(ReadAll(refused) == 0);
  const grpc::Status status = refused->Finish();
  CHECK(status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(status.error_message() ==
        "the server values as many portfolios as it may: try again later");

  contexts[0]->TryCancel();
  CHECK(Eventually([&] {
    grpc::ClientContext again;
    const Reader reader = server.valuation->ValueLoans(&again, {});
    const bool admitted = reader->Read(&reply);
    again.TryCancel();
    return admitted;
  }));
  contexts[1]->TryCancel();
}

TEST_CASE("A portfolio is ended at the server's deadline, however slow its reader") {
  TestServer server({.stream_deadline = std::chrono::milliseconds(200)});
  server.source.loans = 100'000'000;
  grpc::ClientContext context;
  const Reader reader = server.valuation->ValueLoans(&context, {});
  v1::ValueLoansResponse reply;
  REQUIRE(reader->Read(&reply));
  CHECK(Eventually([&] { return server.source.portfolios_running == 0; }, std::chrono::seconds(2)));
  (void)ReadAll(reader);
  CHECK_FALSE(reader->Finish().ok());
}

}  // namespace
}  // namespace recoup::server
