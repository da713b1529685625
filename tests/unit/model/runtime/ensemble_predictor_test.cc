#include "model/runtime/ensemble_predictor.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "model/peers/peer_answer.h"
#include "model/runtime/ensemble_forecast.h"
#include "model/runtime/peer_book.h"
#include "model/valuation/calibrated_interval.h"
#include "model/valuation/tilted_distribution.h"
#include "tests/unit/model/learning/served_world.h"
#include "tests/unit/model/runtime/count_allocations.h"

namespace recoup::model {
namespace {

using Catch::Matchers::WithinAbs;
using recoup::testing::AllocationsOf;
using testing::LeaningPredictor;
using testing::ServedWorld;

std::unique_ptr<Predictor> PredictorOf(const ModelArtifact& artifact) {
  auto made = MakeEnsemblePredictor(artifact, std::make_unique<LeaningPredictor>());
  REQUIRE(made.has_value());
  return std::move(made).value();
}

TEST_CASE("Serving forecasts what learning does, blended with the network's mean") {
  for (const int seeds : {1, 3}) {
    const ServedWorld served(seeds);
    const LoanBook& book = served.book;
    const auto peers =
        PeerBook::Read(*served.store, *served.artifact.ensemble, served.artifact.schema).value();
    const auto predictor = PredictorOf(served.artifact);
    std::vector<std::uint32_t> loans;  // valued since the ensemble was learnt
    std::vector<EncodedNeighbourhood> inputs;
    for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
      const Example& example = book.examples[loan];
      if (example.as_of < ServedWorld::LearntBefore()) continue;
      const auto view = served.store->ViewAsOf(example.as_of);
      inputs.push_back(served.Encoded(*view, example.loan));
      REQUIRE(peers->Attach(*view, example.loan, &inputs.back()).has_value());
      loans.push_back(loan);
    }
    REQUIRE(loans.size() > 30);
    const auto members = served.learnt->Forecast(loans);
    const auto network = LeaningPredictor().Predict(inputs);
    const auto forecasts = predictor->Predict(inputs);
    REQUIRE((members.has_value() && network.has_value() && forecasts.has_value()));
    REQUIRE(forecasts->size() == loans.size());
    const Ensemble::Weights& weights = served.learnt->ensemble().weights;
    REQUIRE(weights.back() > 0.0);
    for (std::size_t i = 0; i < loans.size(); ++i) {
      const double of_members = WeightedMean(weights, (*members)[i]);
      const double of_network = (*network)[i].distribution.Mean();
      INFO("loan " << loans[i] << ": " << of_members << ", " << of_network);
      CHECK_THAT((*forecasts)[i].distribution.Mean(),
                 WithinAbs(0.625 * of_members + 0.375 * of_network, 1e-11));
    }
  }
}

// A model of one number, whose trees expect `mean` whatever they see; the network has no say.
ModelArtifact Expecting(float mean) {
  ModelArtifact model;
  model.schema = FeatureSchema(
      {{graph::NodeKind::kLoan, {{"size", graph::AttributeType::kNumber, {0.0, 10.0}, ""}}, {}}},
      0.5);
  Ensemble ensemble;
  ensemble.own_trees = {FlatTrees::Make(1, mean, {}, {}).value()};
  ensemble.weights = {1.0, 0.0, 0.0, 0.0, 0.0};
  ensemble.calibration.coverage = 0.6;
  ensemble.calibration.band_ends = {0.25F, 0.75F};
  model.ensemble = ensemble;
  return model;
}

EncodedNeighbourhood Input(const std::array<double, 3>& margins) {
  EncodedNeighbourhood input;
  input.Of(graph::NodeKind::kLoan) = {
      1, 1, std::vector<float>(2 + 2, 0.0F), {}};  // value and flag, and the outcome's columns
  auto answer = std::make_shared<PeerAnswer>();
  answer->margins = margins;
  input.peers = std::move(answer);
  return input;
}

TEST_CASE("The network gives the shape, the members the mean, the peers the width of its band") {
  const std::array<double, 3> margins = {0.03125, -0.0625, 0.125};
  for (const auto& [mean, band] : {std::pair{0.125F, 0}, {0.25F, 1}, {0.5F, 1}, {0.875F, 2}}) {
    const ModelArtifact model = Expecting(mean);
    const auto input = Input(margins);
    const auto forecast = PredictorOf(model)->Predict({&input, 1});
    REQUIRE(forecast.has_value());
    const auto shape = LeaningPredictor().Predict({&input, 1}).value().front().distribution;
    const auto expected = CalibrateForecast(TiltToMean(shape, static_cast<double>(mean)), 0.6,
                                            margins[static_cast<std::size_t>(band)]);
    CHECK(forecast->front() == expected.value());
    CHECK(forecast->front().coverage == 0.6);
    CHECK_THAT(forecast->front().distribution.Mean(), WithinAbs(static_cast<double>(mean), 1e-11));
  }
}

TEST_CASE("The network's share of the mean is its weight") {
  ModelArtifact model = Expecting(0.25F);
  const auto input = Input({});
  const double network =
      LeaningPredictor().Predict({&input, 1}).value().front().distribution.Mean();
  for (const double weight : {0.0, 0.25, 1.0}) {
    model.ensemble->network_weight = weight;
    const auto forecast = PredictorOf(model)->Predict({&input, 1});
    REQUIRE(forecast.has_value());
    CHECK_THAT(forecast->front().distribution.Mean(),
               WithinAbs((1.0 - weight) * 0.25 + weight * network, 1e-11));
  }
  CHECK(std::abs(network - 0.25) > 0.1);
}

TEST_CASE("A loan is forecast the same in any company") {
  const ModelArtifact model = Expecting(0.5F);
  const auto predictor = PredictorOf(model);
  std::vector<EncodedNeighbourhood> inputs = {Input({0.0, 0.125, 0.0}), Input({}), Input({})};
  inputs[1].Of(graph::NodeKind::kLoan).numeric[0] = -0.75F;
  const auto all = predictor->Predict(inputs).value();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    CHECK(predictor->Predict({&inputs[i], 1}).value().front() == all[i]);
  }
  CHECK_FALSE(all[0] == all[2]);
  CHECK_FALSE(all[1] == all[2]);
}

TEST_CASE("After its first forecast a thread allocates nothing beside the network") {
  const ServedWorld served(2);
  const auto peers =
      PeerBook::Read(*served.store, *served.artifact.ensemble, served.artifact.schema).value();
  const Example& example = served.book.examples.back();
  const auto view = served.store->ViewAsOf(example.as_of);
  EncodedNeighbourhood input = served.Encoded(*view, example.loan);
  REQUIRE(peers->Attach(*view, example.loan, &input).has_value());
  const auto predictor = PredictorOf(served.artifact);
  const LeaningPredictor network;
  const RecoveryForecast shape = network.Predict({&input, 1}).value().front();
  const RecoveryForecast first = predictor->Predict({&input, 1}).value().front();
  bool is_same = false;
  const std::size_t alone = AllocationsOf([&] {
    is_same = network.Predict({&input, 1}).has_value();
  });
  CHECK(alone > 0);
  const std::size_t whole = AllocationsOf([&] {
    is_same &= predictor->Predict({&input, 1}).value().front() == first;
  });
  CHECK(whole == alone);
  CHECK(AllocationsOf([&] { is_same &= predictor->Refine(input, shape).value() == first; }) == 0);
  CHECK(is_same);
}

TEST_CASE("An input that carries no peers is refused, wherever it stands") {
  const ModelArtifact model = Expecting(0.5F);
  std::vector<EncodedNeighbourhood> inputs = {Input({}), Input({})};
  inputs[1].peers = nullptr;
  const auto forecasts = PredictorOf(model)->Predict(inputs);
  REQUIRE_FALSE(forecasts.has_value());
  CHECK(forecasts.error().code == ErrorCode::kInvalidArgument);
  CHECK(PredictorOf(model)->Predict({})->empty());
}

TEST_CASE("The backend is the network's") {
  CHECK(PredictorOf(Expecting(0.5F))->backend() == "leaning");
}

// Fails as a damaged network would.
class FailingPredictor final : public Predictor {
 public:
  Result<std::vector<RecoveryForecast>> Predict(
      std::span<const EncodedNeighbourhood> /*inputs*/) const override {
    return Error{ErrorCode::kInternal, "no forecast today"};
  }
  std::string_view backend() const override { return "failing"; }
};

TEST_CASE("What the network fails of is returned, and a broken credibility network is refused") {
  ModelArtifact model = Expecting(0.5F);
  const auto failing = MakeEnsemblePredictor(model, std::make_unique<FailingPredictor>());
  REQUIRE(failing.has_value());
  const auto input = Input({});
  CHECK((*failing)->Predict({&input, 1}).error().code == ErrorCode::kInternal);
  model.ensemble->message_relations = {"group.x"};
  model.ensemble->credibility = {{{"credibility.decay", {{1, 1}, {0.0F}}}}};
  const auto broken = MakeEnsemblePredictor(model, std::make_unique<LeaningPredictor>());
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().code == ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace recoup::model
