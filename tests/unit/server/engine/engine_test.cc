#include "server/engine/engine.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "model/runtime/ensemble_forecast.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/model/learning/served_world.h"
#include "tests/unit/model/runtime/random_network.h"

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

// What `recoup train` leaves on disk: a store, with the model's ledger or without, and the model.
struct Trained {
  explicit Trained(bool with_ledger) {
    if (!with_ledger) served.world.more.clear();
    for (const model::testing::WorldLoan& loan : served.world.loans) {
      const Date day = loan.as_of.PlusDays(-100);
      served.world.more.emplace_back(graph::NodeFact{
          .node = loan.key,
          .attributes = {{"balance", Money(100'000, Currency::Parse("USD").value())}},
          .dates = {day, day}});
    }
    auto store = graph::OpenRocksGraphStore(folder / "store");
    REQUIRE(store.has_value());
    REQUIRE((*store)->Apply(served.world.Facts()).has_value());
    model::ModelArtifact& artifact = served.artifact;
    artifact.weights = model::testing::RandomWeights(
        artifact.schema,
        {4, 6,
         static_cast<std::int64_t>(
             model::NetworkContextWidth(artifact.ensemble->relations.size()))},
        1);
    artifact.card_json = "{}\n";
    std::filesystem::create_directories(folder / "models");
    const auto written = model::WriteArtifact(folder / "models" / "v1", artifact);
    INFO((written.has_value() ? "" : written.error().message));
    REQUIRE(written.has_value());
  }

  std::unique_ptr<Engine> Open(bool while_copying = false) {
    EngineOptions options;
    options.answer_while_copying = while_copying;
    options.store = folder / "store";
    options.models = folder / "models";
    options.serve_from_memory = true;
    options.warn = [this](const std::string& what) { warnings.push_back(what); };
    auto engine = Engine::Open(options);
    REQUIRE(engine.has_value());
    return std::move(engine).value();
  }

  // Outcomes of `count` loans that are open, of which the first `passed_over` are left out.
  graph::FactBatch Resolving(std::size_t passed_over, std::size_t count) const {
    graph::FactBatch batch;
    for (const model::testing::WorldLoan& loan : served.world.loans) {
      if (loan.is_resolved || batch.facts.size() == count) continue;
      if (passed_over > 0) {
        --passed_over;
      } else {
        batch.facts.emplace_back(model::testing::PeerWorld::OutcomeOf(loan));
      }
    }
    return batch;
  }

  TemporaryDirectory folder;
  model::testing::ServedWorld served{1};
  std::vector<std::string> warnings;
};

TEST_CASE("A model on a store without its ledger answers with a warning, once", "[engine]") {
  for (const bool with_ledger : {true, false}) {
    Trained trained(with_ledger);
    const auto engine = trained.Open();
    for (int i = 0; i < 2; ++i) REQUIRE(engine->ValueLoan("L1000", {}).has_value());
    CHECK(trained.warnings.size() == (with_ledger ? 0 : 1));
    if (!with_ledger) CHECK_THAT(trained.warnings.front(), ContainsSubstring("recoup train"));
  }
}

TEST_CASE("Outcomes make the ledger go on, in an epoch of its own", "[engine]") {
  Trained trained(true);
  const auto engine = trained.Open();
  const ValueRequest request{.as_of = trained.served.Today().PlusDays(900), .terms = {}};
  const auto before = engine->ValueLoan("L1099", request);
  REQUIRE(before.has_value());
  const graph::FactBatch outcomes = trained.Resolving(0, 30);
  REQUIRE(outcomes.facts.size() == 30);
  const auto receipt = engine->ApplyFacts(outcomes);
  REQUIRE(receipt.has_value());
  CHECK(receipt->facts_applied == 30);
  CHECK(receipt->epoch == before->provenance.graph_epoch + 2);
  const auto after = engine->ValueLoan("L1099", request);
  REQUIRE(after.has_value());
  CHECK(after->provenance.graph_epoch == receipt->epoch);
  CHECK(after->forecast.distribution.Mean() != before->forecast.distribution.Mean());
  const auto& first = std::get<graph::OutcomeFact>(outcomes.facts.front());
  const auto loan = engine->GetNode(first.loan, first.dates.known_at);
  REQUIRE(loan.has_value());
  const auto has = [&loan](const char* name) {
    return std::any_of(loan->attributes.begin(), loan->attributes.end(),
                       [&](const auto& attribute) { return attribute.name == name; });
  };
  CHECK(has("expected_recovery"));
  CHECK(has("forecast_recovery"));
}

TEST_CASE("Answers of one epoch have heard the same peers while outcomes come in", "[engine]") {
  Trained trained(true);
  const auto engine = trained.Open();
  const ValueRequest request{.as_of = trained.served.Today().PlusDays(900), .terms = {}};
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::map<std::uint64_t, std::set<double>> means;  // by epoch
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 2; ++i) {
      readers.emplace_back([&] {
        while (!stop.load()) {
          const auto answer = engine->ValueLoan("L1099", request);
          if (!answer.has_value()) return;
          const std::lock_guard lock(mutex);
          means[answer->provenance.graph_epoch].insert(answer->forecast.distribution.Mean());
        }
      });
    }
    for (std::size_t batch = 0; batch < 12; ++batch) {
      CHECK(engine->ApplyFacts(trained.Resolving(3 * batch, 3)).has_value());
    }
    stop = true;
  }
  CHECK(means.size() > 1);
  for (const auto& [epoch, of_epoch] : means) {
    INFO("epoch " << epoch);
    CHECK(of_epoch.size() == 1);
  }
}

TEST_CASE("Answers do not change when the copy in memory takes over", "[engine]") {
  Trained trained(true);
  const ValueRequest request{.as_of = trained.served.Today().PlusDays(900), .terms = {}};
  const auto value = [&](const Engine& engine) {
    const auto answer = engine.ValueLoan("L1099", request);
    REQUIRE(answer.has_value());
    return *answer;
  };
  for (std::size_t round = 0; round < 4; ++round) {
    LoanAnswer from_disk;
    LoanAnswer after_facts;
    {
      const auto engine = trained.Open(/*while_copying=*/true);
      from_disk = value(*engine);
      REQUIRE(engine->ApplyFacts(trained.Resolving(3 * round, 3)).has_value());
      after_facts = value(*engine);
      while (!engine->ReadsFromMemory()) std::this_thread::yield();
      CHECK(value(*engine) == after_facts);
      CHECK(engine->Statistics()->epoch == after_facts.provenance.graph_epoch);
    }
    CHECK(after_facts.provenance.graph_epoch == from_disk.provenance.graph_epoch + 2);
    CHECK(value(*trained.Open()) == after_facts);
  }
}

TEST_CASE("An engine made ready leaves a snapshot of the peers for the next start", "[engine]") {
  Trained trained(true);
  const std::filesystem::path snapshot = trained.folder / "store" / "peers.cache";
  REQUIRE_FALSE(std::filesystem::exists(snapshot));
  REQUIRE(trained.Open()->MakeReady().has_value());
  CHECK(std::filesystem::exists(snapshot));
}

TEST_CASE("Neither a damaged snapshot of the peers nor none changes an answer", "[engine]") {
  Trained trained(true);
  const auto value = [&] {
    const auto answer = trained.Open()->ValueLoan("L1099", {});
    REQUIRE(answer.has_value());
    return *answer;
  };
  const std::filesystem::path snapshot = trained.folder / "store" / "peers.cache";
  const LoanAnswer first = value();
  REQUIRE(std::filesystem::exists(snapshot));
  CHECK(value() == first);
  std::filesystem::resize_file(snapshot, std::filesystem::file_size(snapshot) / 2);
  CHECK(value() == first);
  std::filesystem::remove(snapshot);
  CHECK(value() == first);
  CHECK(trained.warnings.empty());
}

}  // namespace
}  // namespace recoup::server
