#include "tests/unit/server/grpc/test_server.h"

namespace recoup::server {
namespace {

TEST_CASE("Facts reach the source and the receipt comes back") {
  TestServer server;
  v1::ApplyFactsRequest request;
  request.set_source("tape.csv");
  request.set_source_offset(7);
  v1::Fact* fact = request.add_facts();
  fact->mutable_node()->mutable_node()->set_kind(v1::NODE_KIND_LOAN);
  fact->mutable_node()->mutable_node()->set_external_id("L-1");
  fact->mutable_effective_at()->set_iso("2024-01-01");
  fact->mutable_known_at()->set_iso("2024-01-02");
  v1::ApplyFactsResponse response;
  grpc::ClientContext context;
  REQUIRE(server.graph->ApplyFacts(&context, request, &response).ok());
  CHECK(response.facts_applied() == 1);
  CHECK(response.epoch() == 1);
  REQUIRE(server.source.applied.size() == 1);
  CHECK(server.source.applied[0].source == "tape.csv");
  CHECK(server.source.applied[0].source_offset == 7);
}

TEST_CASE("A malformed batch is refused by position and never reaches the source") {
  TestServer server;
  v1::ApplyFactsRequest request;
  request.add_facts();
  v1::ApplyFactsResponse response;
  grpc::ClientContext context;
  const grpc::Status status = server.graph->ApplyFacts(&context, request, &response);
  CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(status.error_message() == "fact 0: this day must be set: effective_at");
  CHECK(server.source.applied.empty());
}

TEST_CASE("A batch larger than the limit is refused") {
  TestServer server({.max_message_bytes = 64 << 10});
  v1::ApplyFactsRequest request;
  request.set_source(std::string(100'000, 'x'));
  v1::ApplyFactsResponse response;
  grpc::ClientContext context;
  CHECK(server.graph->ApplyFacts(&context, request, &response).error_code() ==
        grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_CASE("Nodes, neighbourhoods and statistics are answered") {
  const TestServer server;
  v1::GetNodeRequest node_request;
  node_request.mutable_key()->set_kind(v1::NODE_KIND_PARTY);
  node_request.mutable_key()->set_external_id("P-1");
  v1::GetNodeResponse node;
  grpc::ClientContext first;
  REQUIRE(server.graph->GetNode(&first, node_request, &node).ok());
  CHECK(node.node().key().external_id() == "P-1");

  v1::GetNeighbourhoodRequest neighbourhood_request;
  neighbourhood_request.set_loan_id("L-1");
  neighbourhood_request.set_first_hop_limit(5);
  v1::GetNeighbourhoodResponse neighbourhood;
  grpc::ClientContext second;
  REQUIRE(server.graph->GetNeighbourhood(&second, neighbourhood_request, &neighbourhood).ok());
  CHECK(neighbourhood.epoch() == 5);  // the fake answers with the limit

  v1::GetStatisticsResponse statistics;
  grpc::ClientContext third;
  REQUIRE(server.graph->GetStatistics(&third, {}, &statistics).ok());
  CHECK(statistics.epoch() == 42);
}

TEST_CASE("A neighbourhood without bounds is refused and never reaches the source") {
  const TestServer server;
  v1::GetNeighbourhoodRequest request;
  request.set_loan_id("L-1");
  request.set_first_hop_limit(4'294'967'295);
  v1::GetNeighbourhoodResponse response;
  grpc::ClientContext context;
  const grpc::Status status = server.graph->GetNeighbourhood(&context, request, &response);
  CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(status.error_message() == "first_hop_limit must be at most 1000: 4294967295");
}

TEST_CASE("A node of no kind is refused") {
  const TestServer server;
  v1::GetNodeResponse node;
  grpc::ClientContext context;
  CHECK(server.graph->GetNode(&context, {}, &node).error_code() ==
        grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace recoup::server
