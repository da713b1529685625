#include "model/evaluation/train_model.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "model/artifact/ensemble_file.h"
#include "model/evaluation/learning_part.h"
#include "model/evaluation/model_card.h"
#include "model/peers/ledger_entry.h"
#include "tests/unit/model/evaluation/fake_plugin.h"
#include "tests/unit/model/evaluation/loan_world.h"
#include "tests/unit/model/learning/peer_world.h"

namespace recoup::model {
namespace {

TEST_CASE("A trained model carries schema, sampling, calibration and card") {
  const auto store = testing::MakeLoanWorld(600);
  const testing::FakePlugin plugin;
  TrainModelOptions options{.version = "2026-11-20-1"};
  options.fit.sampling = {.first_hop_limit = 7, .second_hop_limit = 3};
  const auto model = TrainModel(*store, plugin, options);
  REQUIRE(model.has_value());
  const ModelArtifact* const artifact = &model->artifact;
  CHECK(artifact->version == "2026-11-20-1");
  CHECK(artifact->sampling == options.fit.sampling);
  CHECK(artifact->weights.contains(std::string(kHeadOutputBias)));
  CHECK(artifact->int8.has_value());
  CHECK(artifact->calibration.coverage == 0.8);
  CHECK(artifact->calibration.loans == 90);
  const auto card = nlohmann::json::parse(artifact->card_json);
  CHECK(card["metrics"]["test"]["r2"].get<double>() > 0.7);
  CHECK(card["split"]["training"] == 360);
}

/// Few and small trees.
TrainModelOptions Small() {
  TrainModelOptions options{.version = "v1"};
  options.ensemble = testing::SmallWalk().ensemble;
  return options;
}

/// A loan a day, with lenders that matter; 60 % of the outcomes are known before September 2005.
testing::PeerWorld DailyWorld() { return testing::PeerWorld(1500, 1); }

TrainedModel Trained(const graph::GraphStore& store, const TrainModelOptions& options) {
  const testing::FakePlugin plugin;
  auto model = TrainModel(store, plugin, options);
  if (!model.has_value()) FAIL(model.error().message);
  return std::move(model).value();
}

nlohmann::json CardOf(const TrainedModel& model) {
  return nlohmann::json::parse(model.artifact.card_json);
}

TEST_CASE(
    "A trained model carries an ensemble that learnt before validation and is calibrated on it") {
  const auto store = DailyWorld().Store();
  const TrainedModel model = Trained(*store, Small());
  REQUIRE(model.artifact.ensemble.has_value());
  const Ensemble& ensemble = *model.artifact.ensemble;
  const PreparedData data = PrepareData(*store, {}, {}, {}).value();
  CHECK(ensemble.labels_before == data.dates->train_before);
  CHECK(ensemble.weights == Ensemble::Weights{0.2, 0.2, 0.2, 0.2, 0.2});
  CHECK(ensemble.network_weight >= 0.0);
  CHECK(ensemble.network_weight <= 1.0);
  CHECK(ensemble.calibration.scores.size() == data.validation.size());
  CHECK(ensemble.calibration.band_ends[0] < ensemble.calibration.band_ends[1]);
  // What it was written as can be read again: schema and ensemble fit each other.
  CHECK(ReadEnsemble(WriteEnsemble(ensemble), model.artifact.schema).value() == ensemble);

  const auto card = CardOf(model);
  CHECK(card["ensemble"]["members"].size() == kMembers);
  CHECK(card["ensemble"]["learnt_before"] == data.dates->train_before.ToString());
  CHECK(card["ensemble"]["calibration"]["scores"] == data.validation.size());
  CHECK(card["ensemble"]["max_depth"] == 3);
  CHECK(card["metrics"]["test"]["r2"] > 0.6);
  CHECK(card["metrics"]["test"]["coverage80"] > 0.7);
}

TEST_CASE("The same store and options give the same bytes") {
  const auto store = DailyWorld().Store();
  const TrainedModel one = Trained(*store, Small());
  const TrainedModel other = Trained(*store, Small());
  CHECK(one.artifact == other.artifact);
  CHECK(one.artifact.card_json == other.artifact.card_json);
  CHECK(one.ledger == other.ledger);
  CHECK(WriteEnsemble(*one.artifact.ensemble) == WriteEnsemble(*other.artifact.ensemble));
  TrainModelOptions options = Small();
  options.ensemble.boosting.seed = 2;
  CHECK(WriteEnsemble(*Trained(*store, options).artifact.ensemble) !=
        WriteEnsemble(*one.artifact.ensemble));
}

void Write(const std::vector<graph::Fact>& facts, graph::GraphStore& store) {
  graph::FactBatch batch;
  batch.facts = facts;
  REQUIRE(store.Apply(batch).has_value());
}

TEST_CASE("The ledger says once what was expected of each loan, and what was forecast of test") {
  const auto store = DailyWorld().Store();
  const PreparedData data = PrepareData(*store, {}, {}, {}).value();
  const TrainedModel model = Trained(*store, Small());
  Write(model.ledger, *store);
  const LoanBook book = ReadLoanBook(*store).value();
  const Date first_cut = testing::Day("2005-01-01");
  std::size_t expected = 0;
  std::size_t forecast = 0;
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    const bool has_expectation = !std::isnan(book.expected[loan]);
    expected += has_expectation ? 1 : 0;
    forecast += book.forecasts[loan] ? 1 : 0;
    // By a model from its first refit on; before that by the mean of 20 outcomes.
    if (book.examples[loan].as_of >= first_cut) REQUIRE(has_expectation);
  }
  CHECK(model.ledger.size() == expected);
  CHECK(forecast == data.test.size());
  for (const std::uint32_t loan : PositionsIn(book, data.test)) {
    REQUIRE(book.forecasts[loan].has_value());
    CHECK(book.forecasts[loan]->low <= book.forecasts[loan]->high);
  }
  CHECK(model.ledger == Trained(*DailyWorld().Store(), Small()).ledger);
  // What stands in the ledger is not written again.
  CHECK(Trained(*store, Small()).ledger.empty());
}

TEST_CASE("Peers are measured against what the ledger says was expected of them") {
  const auto store = DailyWorld().Store();
  const TrainedModel model = Trained(*store, Small());
  // Somebody expected nothing of anybody: the residuals are the outcomes.
  std::vector<graph::Fact> entries;
  const LoanBook book = ReadLoanBook(*store).value();
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    entries.push_back(ToFact({.expected = 0.0, .expected_by = "nobody"}, book.records[loan].key,
                             book.examples[loan].outcome_known_at));
  }
  Write(entries, *store);
  const Ensemble heard = *Trained(*store, Small()).artifact.ensemble;
  CHECK(heard.own_trees == model.artifact.ensemble->own_trees);
  CHECK_FALSE(heard.residual_ridge == model.artifact.ensemble->residual_ridge);
}

TEST_CASE("A model that learnt everything knows the last outcome and keeps honest figures") {
  const auto store = DailyWorld().Store();
  TrainModelOptions options = Small();
  // Members that hardly left the mean: the network knows more, and has a share.
  options.ensemble.boosting.max_rounds = 1;
  options.ensemble.boosting.learning_rate = 0.01;
  TrainModelOptions before = options;
  options.learn_all = true;
  const TrainedModel model = Trained(*store, options);
  const std::vector<Example> all = CollectExamples(*store).value().examples;
  const Date end = all.back().outcome_known_at.PlusDays(1);
  CHECK(model.artifact.ensemble->labels_before == end);
  CHECK(LabelsBeforeOfCard(model.artifact.card_json) == end);
  // Nothing is left that the network did not learn from either.
  const testing::FakePlugin plugin;
  REQUIRE(TrainModel(*store, plugin, options).has_value());
  REQUIRE(plugin.seen.size() == 2);
  CHECK(plugin.seen[1].training == all.size());

  // The figures are those of the same fit on what was known a year before.
  before.split.dates = DateSplitOfLastYear(all).value();
  const TrainedModel honest = Trained(*store, before);
  const auto card = CardOf(model);
  CHECK(card["metrics"] == CardOf(honest)["metrics"]);
  CHECK(card["ensemble"]["members"] == CardOf(honest)["ensemble"]["members"]);
  // Not so what it reads and expects: that is of all outcomes.
  CHECK(model.artifact.schema == FitFeatureSchema(*store, all, options.fit).value());
  CHECK_FALSE(model.artifact.schema == honest.artifact.schema);
  CHECK(card["split"]["training"] == all.size());
  CHECK(card["split"]["description"].get<std::string>().starts_with("learnt from every outcome"));
  // Intervals rest on forecasts made before their outcomes: validation and test.
  const std::size_t judged = CardOf(honest)["split"]["validation"].get<std::size_t>() +
                             CardOf(honest)["split"]["test"].get<std::size_t>();
  const std::vector<ConformityScore>& scores = model.artifact.ensemble->calibration.scores;
  CHECK(scores.size() == judged);
  CHECK(std::ranges::is_sorted(scores, {}, &ConformityScore::known_at));
  CHECK(model.artifact.ensemble->network_weight > 0.1);
  CHECK(model.artifact.ensemble->network_weight == honest.artifact.ensemble->network_weight);
}

TEST_CASE("A network that was asked for alone has no ensemble and writes no ledger") {
  const auto store = testing::MakeLoanWorld(200);
  TrainModelOptions options = Small();
  options.network_only = true;
  const TrainedModel model = Trained(*store, options);
  CHECK_FALSE(model.artifact.ensemble.has_value());
  CHECK(model.ledger.empty());
  CHECK_FALSE(CardOf(model).contains("ensemble"));
  CHECK(model.artifact.calibration.loans == 30);
  options.learn_all = true;
  const TrainedModel everything = Trained(*store, options);
  CHECK_FALSE(everything.artifact.ensemble.has_value());
  CHECK(CardOf(everything)["split"]["training"] == 200);
}

TEST_CASE("Loans without a feature that varies have no ensemble, and the card says so") {
  const auto store = testing::MakeLoanWorld(0);
  graph::FactBatch batch;
  for (std::size_t i = 0; i < 100; ++i) {
    const Date day = testing::ValuedOn(i);
    const Date known = day.PlusDays(180);
    batch.facts.push_back(testing::Edge(graph::EdgeKind::kBorrows, testing::Party("B"),
                                        testing::Loan(i), day.PlusDays(-1)));
    batch.facts.push_back(graph::OutcomeFact{.loan = testing::Loan(i),
                                             .recovery_rate = testing::Recovery(i),
                                             .valuation_date = day,
                                             .dates = {known, known}});
  }
  REQUIRE(store->Apply(batch).has_value());
  class Featureless final : public NetworkPlugin {
   public:
    Result<TrainedNetwork> Train(const FeatureSchema& schema, const TrainingSet& /*training*/,
                                 const TrainingSet& /*validation*/,
                                 const TrainingOptions& /*options*/,
                                 const std::function<void(const TrainingProgress&)>& /*progress*/,
                                 const std::atomic<bool>* /*stop*/) const override {
      TrainedNetwork network;
      network.weights = testing::Zeros(RequiredShapes(schema, {1, 1, 0}));
      return network;
    }
    Result<TensorMap> TrainCredibility(const CredibilityTraining& /*training*/,
                                       const CredibilityOptions& /*options*/,
                                       const std::function<void(const TrainingProgress&)>&,
                                       const std::atomic<bool>* /*stop*/) const override {
      return Error{ErrorCode::kInternal, "nothing to listen to"};
    }
    Result<std::unique_ptr<Predictor>> MakePredictor(
        const ModelArtifact& /*artifact*/) const override {
      class Halves final : public Predictor {
       public:
        Result<std::vector<RecoveryForecast>> Predict(
            std::span<const EncodedNeighbourhood> inputs) const override {
          return std::vector<RecoveryForecast>(inputs.size());
        }
        std::string_view backend() const override { return "halves"; }
      };
      return std::unique_ptr<Predictor>(std::make_unique<Halves>());
    }
  };
  const auto model = TrainModel(*store, Featureless(), Small());
  REQUIRE(model.has_value());
  CHECK_FALSE(model->artifact.ensemble.has_value());
  CHECK(CardOf(*model)["ensemble"]["absent_because"].get<std::string>().find("no feature") !=
        std::string::npos);
}

TEST_CASE("A stop during training keeps the trained model") {
  const auto store = testing::MakeLoanWorld(200);
  const testing::FakePlugin plugin;
  std::atomic<bool> stop = false;
  const Observer observer{[&](const EvaluationProgress& at) {
                            stop = at.stage.starts_with("training network") && at.done > 0;
                          },
                          &stop};
  CHECK(TrainModel(*store, plugin, {.version = "a"}, observer).has_value());
  stop = true;
  const auto never = TrainModel(*store, plugin, {.version = "a"}, {{}, &stop});
  REQUIRE_FALSE(never.has_value());
  CHECK(never.error().code == ErrorCode::kCancelled);
}

TEST_CASE("A model without a version is refused") {
  const auto store = testing::MakeLoanWorld(100);
  const auto artifact = TrainModel(*store, testing::FakePlugin(), {});
  REQUIRE_FALSE(artifact.has_value());
  CHECK(artifact.error().code == ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace recoup::model
