#include "server/engine/ledger_writer.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>

#include "model/runtime/ensemble_predictor.h"
#include "tests/unit/model/learning/served_world.h"

namespace recoup::server {
namespace {

using graph::NodeKind;
using model::testing::PeerWorld;
using model::testing::ServedWorld;
using model::testing::WorldLoan;

// A served world in which, after the model was learnt, outcomes become known.
struct World {
  World() {
    active.artifact = served.artifact;
    active.predictor = model::MakeEnsemblePredictor(
                           served.artifact, std::make_unique<model::testing::LeaningPredictor>())
                           .value();
  }

  // Of the loans that are open today, those valued first.
  std::vector<WorldLoan> Open(std::size_t count) const {
    std::vector<WorldLoan> open;
    for (const WorldLoan& loan : served.world.loans) {
      if (!loan.is_resolved && open.size() < count) open.push_back(loan);
    }
    REQUIRE(open.size() == count);
    return open;
  }

  std::shared_ptr<const model::PeerBook> Peers() const {
    return model::PeerBook::Read(*served.store, *active.artifact.ensemble, active.artifact.schema)
        .value();
  }

  Result<graph::FactBatch> LedgerOf(const graph::FactBatch& facts) const {
    const model::Encoder encoder(active.artifact.schema,
                                 served.store->ViewAsOf(Date::Max())->Attributes());
    return LedgerFor(facts, *served.store, active, encoder, *Peers());
  }

  // What the model forecasts of a loan on the day it was valued, before it is calibrated.
  model::RecoveryDistribution ForecastOf(const WorldLoan& loan) const {
    const auto view = served.store->ViewAsOf(loan.as_of);
    const graph::NodeId id = view->Find(loan.key).value();
    auto encoded = served.Encoded(*view, id);
    REQUIRE(Peers()->Attach(*view, id, &encoded).has_value());
    return active.predictor->Predict({&encoded, 1}).value().front().distribution;
  }

  ServedWorld served{1};
  ActiveModel active;
};

graph::FactBatch Resolving(const std::vector<WorldLoan>& loans) {
  graph::FactBatch batch;
  for (const WorldLoan& loan : loans) batch.facts.emplace_back(PeerWorld::OutcomeOf(loan));
  return batch;
}

model::LedgerEntry EntryOf(const graph::Fact& fact) {
  // Read as a store would show it.
  const auto store = graph::MakeMemoryGraphStore();
  graph::FactBatch batch;
  batch.facts.push_back(fact);
  REQUIRE(store->Apply(batch).has_value());
  const auto view = store->ViewAsOf(Date::Max());
  const auto id = view->Find(std::get<graph::NodeFact>(fact).node);
  return model::ReadLedgerEntry(view->Node(id.value()).value()).value();
}

TEST_CASE("An outcome gets an entry with what the model had expected and forecast", "[engine]") {
  const World world;
  const std::vector<WorldLoan> resolved = world.Open(3);
  const graph::FactBatch batch = Resolving(resolved);
  REQUIRE(world.served.store->Apply(batch).has_value());
  const auto ledger = world.LedgerOf(batch);
  REQUIRE(ledger.has_value());
  REQUIRE(ledger->facts.size() == 3);
  const auto peers = world.Peers();
  std::set<graph::NodeKey> written;
  for (const graph::Fact& fact : ledger->facts) {
    const auto& node = std::get<graph::NodeFact>(fact);
    written.insert(node.node);
    const auto loan = std::find_if(resolved.begin(), resolved.end(),
                                   [&node](const WorldLoan& one) { return one.key == node.node; });
    REQUIRE(loan != resolved.end());
    CHECK(node.dates == graph::FactDates{loan->known_at, loan->known_at});
    const model::LedgerEntry entry = EntryOf(fact);
    const auto view = world.served.store->ViewAsOf(Date::Max());
    const std::uint32_t position = peers->PositionOf(view->Find(loan->key).value());
    CHECK(entry.expected == static_cast<double>(peers->expected()[position]));
    CHECK(entry.expected_by == "v1");
    const model::RecoveryDistribution forecast = world.ForecastOf(*loan);
    REQUIRE(entry.forecast.has_value());
    CHECK(entry.forecast->mean == forecast.Mean());
    CHECK(entry.forecast->low == forecast.Quantile((1.0 - 0.8) / 2.0));
    CHECK(entry.forecast->high == forecast.Quantile(1.0 - (1.0 - 0.8) / 2.0));
    CHECK(entry.forecast->low < entry.forecast->high);
  }
  CHECK(written.size() == 3);
}

TEST_CASE("Once written, an entry is not written again, whoever says what anew", "[engine]") {
  const World world;
  const graph::FactBatch batch = Resolving(world.Open(2));
  REQUIRE(world.served.store->Apply(batch).has_value());
  const auto ledger = world.LedgerOf(batch);
  REQUIRE(ledger->facts.size() == 2);
  REQUIRE(world.served.store->Apply(*ledger).has_value());
  CHECK(world.LedgerOf(batch)->facts.empty());
  CHECK(world.Peers()->MissingInLedger().empty());
}

TEST_CASE("What others lack is left to `recoup train`: only the batch's loans get entries",
          "[engine]") {
  const World world;
  const std::vector<WorldLoan> resolved = world.Open(4);
  REQUIRE(world.served.store->Apply(Resolving(resolved)).has_value());
  REQUIRE(world.Peers()->MissingInLedger().size() == 4);
  const auto ledger = world.LedgerOf(Resolving({resolved[1], resolved[2]}));
  REQUIRE(ledger.has_value());
  REQUIRE(ledger->facts.size() == 2);
  for (const graph::Fact& fact : ledger->facts) {
    const graph::NodeKey& loan = std::get<graph::NodeFact>(fact).node;
    CHECK((loan == resolved[1].key || loan == resolved[2].key));
  }
  // Facts that are no outcomes resolve nothing, though they name such a loan.
  graph::FactBatch news;
  news.facts.emplace_back(graph::NodeFact{.node = resolved[0].key,
                                          .attributes = {{"size", 0.5}},
                                          .dates = {ServedWorld::Today(), ServedWorld::Today()}});
  CHECK(world.LedgerOf(news)->facts.empty());
}

TEST_CASE("A loan that the model learnt from gets no entry from it", "[engine]") {
  World world;
  // The outcome of a loan that the ledger does not hold is stated again, with labels learnt.
  const std::vector<WorldLoan> resolved = world.Open(2);
  REQUIRE(world.served.store->Apply(Resolving(resolved)).has_value());
  world.active.artifact.ensemble->labels_before = resolved[0].known_at.PlusDays(1);
  const auto ledger = world.LedgerOf(Resolving(resolved));
  REQUIRE(ledger.has_value());
  std::size_t later = 0;
  for (const WorldLoan& loan : resolved) {
    later += loan.known_at > resolved[0].known_at ? 1 : 0;
  }
  CHECK(ledger->facts.size() == later);
  world.active.artifact.ensemble->labels_before = resolved[0].known_at;  // not of the day itself
  CHECK(world.LedgerOf(Resolving({resolved[0]}))->facts.size() == 1);
}

TEST_CASE("A forecast in the ledger hears nobody who was resolved since the valuation",
          "[engine]") {
  const World world;
  const std::vector<WorldLoan> open = world.Open(40);
  const auto entry_of_first = [&world, &open] {
    const auto ledger = world.LedgerOf(Resolving({open[0]}));
    REQUIRE(ledger->facts.size() == 1);
    return EntryOf(ledger->facts.front());
  };
  REQUIRE(world.served.store->Apply(Resolving({open[0]})).has_value());
  const model::LedgerEntry alone = entry_of_first();
  for (const WorldLoan& loan : open) REQUIRE(loan.known_at >= open[0].as_of);
  REQUIRE(world.served.store->Apply(Resolving({open.begin() + 1, open.end()})).has_value());
  const model::LedgerEntry late = entry_of_first();
  CHECK(late.expected == alone.expected);
  CHECK(late.forecast->mean == alone.forecast->mean);
  CHECK(late.forecast->low == alone.forecast->low);
}

TEST_CASE("Only an outcome resolves a loan", "[engine]") {
  graph::FactBatch batch;
  CHECK_FALSE(ResolvesLoans(batch));
  batch.facts.emplace_back(model::ToFact({0.5, "v1", {}}, {NodeKind::kLoan, "L1"}, Date(200)));
  CHECK_FALSE(ResolvesLoans(batch));
  batch.facts.emplace_back(
      graph::OutcomeFact{{NodeKind::kLoan, "L1"}, 0.5, Date(100), {Date(200), Date(200)}});
  CHECK(ResolvesLoans(batch));
}

}  // namespace
}  // namespace recoup::server
