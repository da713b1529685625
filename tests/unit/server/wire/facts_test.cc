#include "server/wire/facts.h"

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <string>

#include "graph/ingest/fact_size.h"
#include "tests/unit/server/wire/random_values.h"

namespace recoup::server::wire {
namespace {

v1::ApplyFactsRequest OneEdge() {
  v1::ApplyFactsRequest request;
  v1::Fact* fact = request.add_facts();
  fact->mutable_effective_at()->set_iso("2024-01-31");
  fact->mutable_known_at()->set_iso("2024-02-01");
  v1::EdgeFact* edge = fact->mutable_edge();
  edge->set_kind(v1::EDGE_KIND_BORROWS);
  edge->mutable_from()->set_kind(v1::NODE_KIND_PARTY);
  edge->mutable_from()->set_external_id("P");
  edge->mutable_to()->set_kind(v1::NODE_KIND_LOAN);
  edge->mutable_to()->set_external_id("L");
  return request;
}

std::string MessageAfter(const std::function<void(v1::Fact&)>& change) {
  v1::ApplyFactsRequest request = OneEdge();
  change(*request.mutable_facts(0));
  const auto batch = FromProto(request);
  if (batch) return "accepted";
  CHECK(batch.error().code == ErrorCode::kInvalidArgument);
  return batch.error().message;
}

TEST_CASE("A thousand random batches survive the wire unchanged, also as bytes") {
  RandomValues random(1);
  for (int i = 0; i < 1000; ++i) {
    const graph::FactBatch batch = random.Batch();
    v1::ApplyFactsRequest proto;
    ToProto(batch, &proto);
    v1::ApplyFactsRequest received;
    REQUIRE(received.ParseFromString(proto.SerializeAsString()));
    const auto back = FromProto(received);
    if (!back) FAIL(back.error().message);
    REQUIRE(*back == batch);
    v1::ApplyFactsRequest again;
    ToProto(*back, &again);
    REQUIRE(again.SerializeAsString() == proto.SerializeAsString());
  }
}

// The importer closes a batch by this estimate; if it were too small, the server would refuse the
// batch each time it is sent.
TEST_CASE("No message is larger than the importer estimates") {
  const auto check = [](const graph::FactBatch& batch) {
    v1::ApplyFactsRequest proto;
    ToProto(batch, &proto);
    std::size_t estimate = graph::EstimateHeaderBytes(batch);
    for (const graph::Fact& fact : batch.facts) estimate += graph::EstimateBytes(fact);
    REQUIRE(proto.ByteSizeLong() <= estimate);
  };
  RandomValues random(2);
  for (int i = 0; i < 1000; ++i) check(random.Batch());

  const std::string id(256, 'x');
  const Date day = *Date::Parse("2024-01-31");
  const Money debt{-1, *Currency::Parse("USD")};  // a negative number takes the most room
  std::vector<graph::NamedAttribute> attributes;
  for (int i = 0; i < 5000; ++i) {
    attributes.push_back({"m", debt});
    attributes.push_back({"t", std::string(4096, 'x')});
    attributes.push_back({"c", graph::Category{std::string(128, 'x')}});
    attributes.push_back({"d", day});
    attributes.push_back({"n", 0.1});
  }
  const graph::NodeKey key{graph::NodeKind::kPortfolio, id};
  const auto remove = graph::FactOperation::kRemove;
  graph::FactBatch largest;
  largest.source_offset = ~std::uint64_t{0};
  const auto edge = graph::EdgeKind::kPays;
  largest.facts = {graph::EdgeFact{edge, key, key, remove, attributes, {day, day}}};
  check(largest);
  for (const graph::Fact& fact :
       {graph::Fact(graph::NodeFact{key, remove, {}, {day, day}}),
        graph::Fact(graph::EdgeFact{edge, key, key, remove, {}, {day, day}}),
        graph::Fact(graph::OutcomeFact{key, 0.5, day, {day, day}})}) {
    largest.facts.assign(1000, fact);
    check(largest);
  }
}

TEST_CASE("An operation left out is an upsert") {
  const auto batch = FromProto(OneEdge());
  REQUIRE(batch);
  CHECK(std::get<graph::EdgeFact>(batch->facts.at(0)).operation == graph::FactOperation::kUpsert);
}

TEST_CASE("What a fact must not be without is named with the fact's position") {
  CHECK(MessageAfter([](v1::Fact& fact) { fact.clear_known_at(); }) ==
        "fact 0: this day must be set: known_at");
  CHECK(MessageAfter([](v1::Fact& fact) { fact.clear_edge(); }) ==
        "fact 0: the fact is neither node, edge nor outcome");
  CHECK(MessageAfter([](v1::Fact& fact) { fact.mutable_edge()->clear_kind(); }) ==
        "fact 0: unknown edge kind: 0");
  CHECK(MessageAfter([](v1::Fact& fact) {
          fact.mutable_edge()->mutable_to()->set_kind(static_cast<v1::NodeKind>(77));
        }) == "fact 0: unknown node kind: 77");
  CHECK(MessageAfter([](v1::Fact& fact) {
          fact.mutable_edge()->set_operation(static_cast<v1::FactOperation>(9));
        }) == "fact 0: unknown operation: 9");
  CHECK(MessageAfter([](v1::Fact& fact) {
          fact.mutable_edge()->add_attributes()->set_name("lien_rank");
        }) == "fact 0: attribute lien_rank: the value is not set");
  CHECK(MessageAfter([](v1::Fact& fact) {
          fact.mutable_effective_at()->set_iso("31.01.2024");
        }).starts_with("fact 0: effective_at: "));
}

TEST_CASE("A declaration needs owner, type and role") {
  v1::ApplyFactsRequest request;
  request.add_declarations()->set_name("risk_score");
  CHECK(FromProto(request).error().message == "declaration 0: unknown node kind: 0");
  request.mutable_declarations(0)->set_node_kind(v1::NODE_KIND_LOAN);
  CHECK(FromProto(request).error().message ==
        "declaration 0: type and role must be set: risk_score");
}

TEST_CASE("A receipt survives the wire") {
  v1::ApplyFactsResponse proto;
  ToProto(graph::ApplyReceipt{.epoch = 7, .facts_applied = 3}, &proto);
  CHECK(FromProto(proto).epoch == 7);
  CHECK(FromProto(proto).facts_applied == 3);
}

}  // namespace
}  // namespace recoup::server::wire
