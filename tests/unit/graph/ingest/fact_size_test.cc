#include "graph/ingest/fact_size.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph {
namespace {

const FactDates kDates{*Date::Parse("2024-01-01"), *Date::Parse("2024-01-02")};

// That an estimate is never too small is checked beside the wire format it is made for.

TEST_CASE("A fact is as large as its texts and the frames around them") {
  const NodeKey loan{NodeKind::kLoan, "L1"};
  CHECK(EstimateBytes(NodeFact{loan, FactOperation::kUpsert, {}, kDates}) == 96 + 2);
  CHECK(EstimateBytes(NodeFact{
            loan,
            FactOperation::kUpsert,
            {{"score", 1.5}, {"class", Category{"loss"}}, {"note", std::string(4096, 'x')}},
            kDates}) == 96 + 2 + (40 + 5) + (40 + 5 + 4) + (40 + 4 + 4096));
  CHECK(EstimateBytes(EdgeFact{EdgeKind::kBorrows,
                               {NodeKind::kParty, "P10"},
                               loan,
                               FactOperation::kUpsert,
                               {{"share", 0.5}},
                               kDates}) == 96 + 3 + 2 + (40 + 5));
  CHECK(EstimateBytes(OutcomeFact{loan, 0.5, kDates.known_at, kDates}) == 96 + 2);
}

TEST_CASE("A batch bears its source and every declaration beside its facts") {
  FactBatch batch;
  batch.source = "tape:1";
  CHECK(EstimateHeaderBytes(batch) == 32 + 6);
  batch.declarations.push_back({0, NodeKind::kLoan, "score"});
  batch.facts.push_back(OutcomeFact{});
  CHECK(EstimateHeaderBytes(batch) == 32 + 6 + (24 + 5));
}

}  // namespace
}  // namespace recoup::graph
