#include "server/engine/value_portfolio.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/runtime/ensemble_forecast.h"
#include "model/runtime/ensemble_predictor.h"
#include "model/runtime/kernels/instruction_sets.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_predictor.h"
#include "tests/unit/model/learning/served_world.h"
#include "tests/unit/model/runtime/portfolio_world.h"

namespace recoup::server {
namespace {

using graph::NodeKind;

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

Money Usd(std::int64_t cents) { return {cents, Currency::Parse("USD").value()}; }

std::unique_ptr<model::Predictor> NetworkOf(const model::ModelArtifact& artifact,
                                            const std::string& backend) {
  auto made = backend == "local-fp32"   ? model::MakePortablePredictor(artifact)
              : backend == "local-int8" ? model::MakeQuantizedPredictor(artifact, 8)
                                        : model::MakeQuantizedPredictor(artifact, 4);
  REQUIRE(made.has_value());
  return std::move(made).value();
}

// Counts how often it is asked for a whole loan: those are the loans that went alone.
class Counting final : public model::Predictor {
 public:
  explicit Counting(std::unique_ptr<model::Predictor> inner) : inner_(std::move(inner)) {}

  Result<std::vector<model::RecoveryForecast>> Predict(
      std::span<const model::EncodedNeighbourhood> inputs) const override {
    alone += inputs.size();
    return inner_->Predict(inputs);
  }
  Result<model::RecoveryForecast> Refine(const model::EncodedNeighbourhood& input,
                                         const model::RecoveryForecast& network) const override {
    return inner_->Refine(input, network);
  }
  std::string_view backend() const override { return inner_->backend(); }

  mutable std::atomic<std::size_t> alone = 0;

 private:
  std::unique_ptr<model::Predictor> inner_;
};

// A store, a model and everything that a valuation needs.
struct World {
  World(std::unique_ptr<graph::GraphStore> in, model::ModelArtifact with, Date day,
        const std::string& backend)
      : store(std::move(in)),
        artifact(std::move(with)),
        view(store->ViewAsOf(day)),
        encoder(artifact.schema, view->Attributes()) {
    std::unique_ptr<model::Predictor> network = NetworkOf(artifact, backend);
    if (artifact.ensemble) {
      auto book = model::PeerBook::Read(*store, *artifact.ensemble, artifact.schema);
      REQUIRE(book.has_value());
      peers = *book;
      auto made = model::MakeEnsemblePredictor(artifact, std::move(network));
      REQUIRE(made.has_value());
      network = std::move(made).value();
    }
    predictor = std::make_unique<Counting>(std::move(network));
    context.view = view.get();
    context.encoder = &encoder;
    context.predictor = predictor.get();
    context.peers = peers.get();
    context.sampling = artifact.sampling;
    context.provenance.model_version = artifact.version;
    context.provenance.backend = backend;
  }

  // Ids of all loans, with one that nobody knows in the middle and one twice.
  std::vector<std::string> Ids() const {
    std::vector<std::string> ids;
    const std::vector<graph::NodeId> loans = view->Nodes(NodeKind::kLoan).value();
    for (const graph::NodeId loan : loans) ids.push_back(view->Node(loan)->key.external_id);
    std::sort(ids.begin(), ids.end());
    ids.insert(ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2), "nobody");
    ids.push_back(ids.front());
    return ids;
  }

  std::vector<PortfolioItem> Value(const std::vector<std::string>& ids,
                                   const PortfolioOptions& options) const {
    std::vector<PortfolioItem> items;
    predictor->alone = 0;
    const auto done = ValuePortfolio(
        context, artifact, ids,
        [&](const PortfolioItem& item) -> Result<void> {
          items.push_back(item);
          return {};
        },
        options);
    REQUIRE(done.has_value());
    return items;
  }

  std::unique_ptr<graph::GraphStore> store;
  model::ModelArtifact artifact;
  std::unique_ptr<const graph::GraphView> view;
  model::Encoder encoder;
  std::shared_ptr<const model::PeerBook> peers;
  std::unique_ptr<Counting> predictor;
  ValuationContext context;
};

void RequireSame(const std::vector<PortfolioItem>& a, const std::vector<PortfolioItem>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    INFO("loan " << a[i].loan_id);
    REQUIRE(a[i].loan_id == b[i].loan_id);
    REQUIRE(a[i].total == b[i].total);
    REQUIRE(a[i].answer.has_value() == b[i].answer.has_value());
    if (a[i].answer.has_value()) {
      REQUIRE((*a[i].answer == *b[i].answer));
    } else {
      REQUIRE(a[i].answer.error().code == b[i].answer.error().code);
      REQUIRE(a[i].answer.error().message == b[i].answer.error().message);
    }
  }
}

// Values every loan alone, and then together in several ways. Returns how many went together.
std::size_t CompareAll(const World& world) {
  const std::vector<std::string> ids = world.Ids();
  const std::vector<PortfolioItem> alone = world.Value(ids, {.fewest_together = kNever});
  std::size_t open = 0;
  std::size_t valued = 0;
  for (const PortfolioItem& item : alone) {
    if (!item.answer.has_value()) continue;
    ++valued;
    const auto id = world.view->Find({NodeKind::kLoan, item.loan_id});
    if (!world.view->OutcomeOf(*id)->has_value()) ++open;
  }
  CHECK(world.predictor->alone == valued);
  for (const int threads : {1, 2}) {
    for (const std::size_t most : {std::size_t{100'000}, std::size_t{37}}) {
      INFO(threads << " threads, " << most << " at a time");
      const PortfolioOptions options{
          .threads = threads, .fewest_together = 1, .most_together = most};
      RequireSame(world.Value(ids, options), alone);
      // Only the resolved loans went alone.
      CHECK(world.predictor->alone == valued - open);
    }
  }
  return open;
}

// RandomFacts, with a balance for most loans: what hangs on what is as tangled as it can be.
std::unique_ptr<graph::GraphStore> Tangle(std::uint64_t seed) {
  graph::RandomFacts facts(seed);
  graph::FactBatch batch;
  for (int i = 0; i < 900; ++i) batch.facts.push_back(facts.Draw(100, 900));
  for (int loan = 0; loan < 22; ++loan) {
    batch.facts.emplace_back(graph::NodeFact{{NodeKind::kLoan, "loan" + std::to_string(loan)},
                                             graph::FactOperation::kUpsert,
                                             {{"balance", Usd(1000 + loan)}},
                                             {Date(90), Date(90)}});
  }
  auto store = graph::MakeMemoryGraphStore();
  REQUIRE(store->Apply(batch).has_value());
  return store;
}

TEST_CASE("Loans valued together have the answers that they have alone, whatever hangs together",
          "[engine]") {
  std::size_t together = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    for (const graph::SamplingOptions sampling : {graph::SamplingOptions{}, {2, 1}, {1, 0}}) {
      model::ModelArtifact artifact = model::testing::WorldArtifact({21, 9, 0}, seed);
      artifact.sampling = sampling;
      for (const char* backend : {"local-fp32", "local-int8", "local-int4"}) {
        INFO("world " << seed << ", " << backend);
        together += CompareAll(World(Tangle(seed), artifact, Date(320), backend));
      }
    }
  }
  CHECK(together > 300);
}

// A learnt ensemble in front of a random network that hears a context.
model::ModelArtifact Learnt(model::testing::ServedWorld& served) {
  for (const model::testing::WorldLoan& loan : served.world.loans) {
    const Date day = loan.as_of.PlusDays(-100);
    served.world.more.emplace_back(graph::NodeFact{
        .node = loan.key, .attributes = {{"balance", Usd(100'000)}}, .dates = {day, day}});
  }
  model::ModelArtifact artifact = served.artifact;
  const model::NetworkWidths widths{
      8, 6,
      static_cast<std::int64_t>(model::NetworkContextWidth(artifact.ensemble->relations.size()))};
  artifact.weights = model::testing::WorldWeights(artifact.schema, widths, 3);
  artifact.int8 = model::testing::QuantizedDraw(3, widths, 8).Draw(artifact.schema);
  return artifact;
}

TEST_CASE("Loans of lenders, regions and borrowers valued together have their own answers",
          "[engine]") {
  model::testing::ServedWorld served(1);
  const model::ModelArtifact artifact = Learnt(served);
  for (const std::string& set : model::InstructionSets()) {
    const model::UseOnlyInstructionSet only(set);
    for (const char* backend : {"local-fp32", "local-int8"}) {
      INFO(set << ", " << backend);
      CHECK(CompareAll(World(served.world.Store(), artifact, served.Today(), backend)) > 20);
    }
  }
}

TEST_CASE("A predictor without layers values its loans alone", "[engine]") {
  const model::ModelArtifact artifact = model::testing::WorldArtifact({8, 4, 0}, 1);
  World world(Tangle(1), artifact, Date(650), "local-int8");
  world.artifact.int8.reset();
  const std::vector<std::string> ids = world.Ids();
  const auto alone = world.Value(ids, {.fewest_together = kNever});
  const std::size_t asked = world.predictor->alone;
  RequireSame(world.Value(ids, {.fewest_together = 1}), alone);
  CHECK(world.predictor->alone == asked);
}

TEST_CASE(
    "A network that asks for a context that nobody gives fails for every loan as it does alone",
    "[engine]") {
  const World world(Tangle(1), model::testing::WorldArtifact({8, 4, 3}, 1), Date(650),
                    "local-fp32");
  const std::vector<std::string> ids = world.Ids();
  RequireSame(world.Value(ids, {.fewest_together = 1}),
              world.Value(ids, {.fewest_together = kNever}));
}

TEST_CASE("A stop ends a portfolio, before its first loan and after a chunk", "[engine]") {
  const World world(Tangle(1), model::testing::WorldArtifact({8, 4, 0}, 1), Date(650),
                    "local-fp32");
  std::vector<std::string> ids;
  while (ids.size() < 2000) {
    const std::vector<std::string> some = world.Ids();
    ids.insert(ids.end(), some.begin(), some.end());
  }
  for (const std::size_t fewest : {std::size_t{1}, kNever}) {
    for (const bool at_once : {true, false}) {
      std::atomic<bool> stop = at_once;
      std::size_t visited = 0;
      const auto done = ValuePortfolio(world.context, world.artifact, ids,
                                       [&](const PortfolioItem&) -> Result<void> {
                                         stop = true;
                                         ++visited;
                                         return {};
                                       },
                                       {.threads = 2, .stop = &stop, .fewest_together = fewest});
      REQUIRE_FALSE(done.has_value());
      CHECK(done.error().code == ErrorCode::kCancelled);
      CHECK(visited == (at_once ? 0 : 512));
    }
  }
}

TEST_CASE("Who is told of a portfolio may end it with an error of their own", "[engine]") {
  const World world(Tangle(1), model::testing::WorldArtifact({8, 4, 0}, 1), Date(650),
                    "local-fp32");
  const auto done = ValuePortfolio(world.context, world.artifact, world.Ids(),
                                   [](const PortfolioItem&) -> Result<void> {
                                     return Error{ErrorCode::kUnavailable, "the disk is full"};
                                   },
                                   {.fewest_together = 1});
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().message == "the disk is full");
}

}  // namespace
}  // namespace recoup::server
