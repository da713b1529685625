#include "server/engine/engine.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <string>

#include "tests/support/temporary_directory.h"

namespace recoup::server {
namespace {

using Catch::Matchers::ContainsSubstring;
using graph::NodeKind;

graph::FactBatch LoanBatch(const std::string& id, Date known_at) {
  graph::FactBatch batch;
  batch.facts = {graph::NodeFact{
      {NodeKind::kLoan, id},
      graph::FactOperation::kUpsert,
      {{"balance", Money(100, Currency::Parse("USD").value())}, {"default_date", known_at}},
      {known_at, known_at}}};
  return batch;
}

Result<std::unique_ptr<Engine>> OpenIn(const TemporaryDirectory& folder, bool memory) {
  EngineOptions options;
  options.store = folder / "store";
  options.models = folder / "models";
  options.serve_from_memory = memory;
  return Engine::Open(options);
}

void MakeStore(const TemporaryDirectory& folder) {
  auto store = graph::OpenRocksGraphStore(folder / "store");
  REQUIRE(store.has_value());
  REQUIRE((*store)->Apply(LoanBatch("L1", Date(18000))).has_value());
}

TEST_CASE("An engine does not create a store where there is none", "[engine]") {
  const TemporaryDirectory folder;
  const auto engine = OpenIn(folder, false);
  REQUIRE_FALSE(engine.has_value());
  CHECK(engine.error().code == ErrorCode::kNotFound);
}

TEST_CASE("Without a model only valuing fails, and says what to do", "[engine]") {
  const TemporaryDirectory folder;
  MakeStore(folder);
  const auto engine = OpenIn(folder, false);
  REQUIRE(engine.has_value());
  CHECK((*engine)->GetNode({NodeKind::kLoan, "L1"}, std::nullopt).has_value());
  const auto answer = (*engine)->ValueLoan("L1", {});
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == ErrorCode::kFailedPrecondition);
  CHECK_THAT(answer.error().message, ContainsSubstring("recoup train"));
}

TEST_CASE("Facts applied through an engine are seen at once and are durable", "[engine]") {
  const TemporaryDirectory folder;
  MakeStore(folder);
  for (const bool memory : {false, true}) {
    const std::string loan = memory ? "L3" : "L2";
    {
      const auto engine = OpenIn(folder, memory);
      REQUIRE(engine.has_value());
      REQUIRE((*engine)->ApplyFacts(LoanBatch(loan, Date(18001))).has_value());
      CHECK((*engine)->GetNode({NodeKind::kLoan, loan}, std::nullopt).has_value());
    }
    const auto again = OpenIn(folder, !memory);
    REQUIRE(again.has_value());
    CHECK((*again)->GetNode({NodeKind::kLoan, loan}, std::nullopt).has_value());
  }
}

TEST_CASE("An engine refuses terms that make no sense before it reads anything", "[engine]") {
  const TemporaryDirectory folder;
  MakeStore(folder);
  const auto engine = OpenIn(folder, false);
  REQUIRE(engine.has_value());
  ValueRequest request;
  request.terms.target_irr = Rate(-2.0);
  const auto answer = (*engine)->ValueLoan("L1", request);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == ErrorCode::kInvalidArgument);
}

// L1 has 150 borrowers, and each of them 140 resolved loans more: over 21,000 nodes.
graph::FactBatch CrowdedBatch() {
  const Date day(18001);
  graph::FactBatch batch;
  const auto borrows = [&](int party, const std::string& loan) {
    batch.facts.push_back(graph::EdgeFact{graph::EdgeKind::kBorrows,
                                          {NodeKind::kParty, "P" + std::to_string(party)},
                                          {NodeKind::kLoan, loan},
                                          graph::FactOperation::kUpsert,
                                          {},
                                          {day, day}});
  };
  for (int loan = 0; loan < 140; ++loan) {
    const std::string id = "R" + std::to_string(loan);
    for (int party = 0; party < 150; ++party) borrows(party, id);
    batch.facts.push_back(graph::OutcomeFact{{NodeKind::kLoan, id}, 0.5, day, {day, day}});
  }
  for (int party = 0; party < 150; ++party) borrows(party, "L1");
  return batch;
}

TEST_CASE("A neighbourhood of more nodes than an answer may have is refused", "[engine]") {
  const TemporaryDirectory folder;
  MakeStore(folder);
  const auto engine = OpenIn(folder, true);
  REQUIRE(engine.has_value());
  REQUIRE((*engine)->ApplyFacts(CrowdedBatch()).has_value());
  const Date later(18100);
  const auto crowded = (*engine)->GetNeighbourhood("L1", later, graph::SamplingOptions{1000, 1000});
  REQUIRE_FALSE(crowded.has_value());
  CHECK(crowded.error().code == ErrorCode::kResourceExhausted);
  CHECK_THAT(crowded.error().message, ContainsSubstring("lower limits"));
  const auto some = (*engine)->GetNeighbourhood("L1", later, graph::SamplingOptions{1000, 100});
  REQUIRE(some.has_value());
  CHECK(some->nodes.size() == 1 + 150 + 150 * 100);
}

TEST_CASE("A neighbourhood starts at its loan", "[engine]") {
  const TemporaryDirectory folder;
  MakeStore(folder);
  const auto engine = OpenIn(folder, true);
  REQUIRE(engine.has_value());
  const auto answer = (*engine)->GetNeighbourhood("L1", std::nullopt, std::nullopt);
  REQUIRE(answer.has_value());
  REQUIRE(answer->nodes.size() == 1);
  CHECK(answer->nodes.front().key.external_id == "L1");
  CHECK(answer->epoch == 1);
}

}  // namespace
}  // namespace recoup::server
