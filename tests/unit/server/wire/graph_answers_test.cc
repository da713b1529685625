#include "server/wire/graph_answers.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/server/wire/random_values.h"

namespace recoup::server::wire {
namespace {

TEST_CASE("Random neighbourhoods survive the wire unchanged") {
  RandomValues random(5);
  for (int i = 0; i < 200; ++i) {
    NeighbourhoodAnswer answer;
    answer.epoch = random.Below(1000);
    for (std::uint64_t n = 0; n <= random.Below(8); ++n) answer.nodes.push_back(random.Named());
    for (std::uint32_t child = 1; child < answer.nodes.size(); ++child) {
      const auto way = random.Coin() ? graph::Direction::kIn : graph::Direction::kOut;
      answer.edges.push_back({{random.Edge(), way},
                              static_cast<std::uint32_t>(random.Below(child)),
                              child,
                              static_cast<float>(random.Share())});
    }
    v1::GetNeighbourhoodResponse proto;
    ToProto(answer, &proto);
    const auto back = FromProto(proto);
    if (!back) FAIL(back.error().message);
    REQUIRE(back->nodes == answer.nodes);
    REQUIRE(back->edges == answer.edges);
    REQUIRE(back->epoch == answer.epoch);
  }
}

TEST_CASE("An edge that points past the nodes is refused") {
  v1::GetNeighbourhoodResponse proto;
  proto.add_edges()->set_kind(v1::EDGE_KIND_OWNS);
  CHECK(FromProto(proto).error().message == "an edge points past the nodes: 0");
}

TEST_CASE("Statistics survive the wire; an empty graph knows no day") {
  graph::StoreStatistics statistics;
  v1::GetStatisticsResponse empty;
  ToProto(statistics, &empty);
  CHECK_FALSE(empty.has_latest_known_at());
  CHECK(FromProto(empty)->latest_known_at == Date::Min());

  statistics.epoch = 3;
  statistics.facts = 4;
  statistics.nodes = {{graph::NodeKind::kLoan, 2}, {graph::NodeKind::kPortfolio, 1}};
  statistics.edges = {{graph::EdgeKind::kPays, 5}};
  statistics.outcomes = 6;
  statistics.latest_known_at = *Date::Parse("2026-01-02");
  v1::GetStatisticsResponse proto;
  ToProto(statistics, &proto);
  const auto back = FromProto(proto);
  REQUIRE(back);
  CHECK(back->epoch == 3);
  CHECK(back->facts == 4);
  CHECK(back->nodes == statistics.nodes);
  CHECK(back->edges == statistics.edges);
  CHECK(back->outcomes == 6);
  CHECK(back->latest_known_at == statistics.latest_known_at);
}

TEST_CASE("A model's summary survives the wire") {
  const ModelSummary model{"v1", "sum", "hash", true, "fault"};
  v1::Model proto;
  ToProto(model, &proto);
  CHECK(FromProto(proto) == model);
}

TEST_CASE("Limits left out are the defaults, one alone leaves the other") {
  v1::GetNeighbourhoodRequest request;
  CHECK_FALSE(LimitsFromProto(request).value().has_value());
  request.set_second_hop_limit(3);
  CHECK(LimitsFromProto(request).value() ==
        graph::SamplingOptions{.first_hop_limit = 15, .second_hop_limit = 3});
}

TEST_CASE("A limit above 1000 is refused by name") {
  v1::GetNeighbourhoodRequest request;
  request.set_first_hop_limit(1000);
  request.set_second_hop_limit(1000);
  CHECK(LimitsFromProto(request).value() ==
        graph::SamplingOptions{.first_hop_limit = 1000, .second_hop_limit = 1000});
  request.set_first_hop_limit(4'294'967'295);
  CHECK(LimitsFromProto(request).error() ==
        Error{ErrorCode::kInvalidArgument, "first_hop_limit must be at most 1000: 4294967295"});
  request.set_first_hop_limit(0);
  request.set_second_hop_limit(1001);
  CHECK(LimitsFromProto(request).error() ==
        Error{ErrorCode::kInvalidArgument, "second_hop_limit must be at most 1000: 1001"});
}

}  // namespace
}  // namespace recoup::server::wire
