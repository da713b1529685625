#include "model/runtime/layerwise_network.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "model/runtime/kernels/instruction_sets.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_predictor.h"
#include "tests/unit/model/runtime/portfolio_world.h"

namespace recoup::model {
namespace {

using testing::PortfolioWorld;
using testing::WorldContext;

std::unique_ptr<Predictor> LoanByLoan(const ModelArtifact& artifact, const std::string& backend) {
  auto made = backend == "local-fp32"   ? MakePortablePredictor(artifact)
              : backend == "local-int8" ? MakeQuantizedPredictor(artifact, 8)
                                        : MakeQuantizedPredictor(artifact, 4);
  REQUIRE(made.has_value());
  REQUIRE((*made)->backend() == backend);
  return std::move(made).value();
}

// Compares every open loan of the world; returns how many there were.
std::size_t CompareAll(const PortfolioWorld& world, const ModelArtifact& artifact,
                       const std::string& backend, int threads) {
  const Encoder encoder(artifact.schema, world.view->Attributes());
  const auto graph =
      CollectPortfolio(*world.view, encoder, artifact.sampling, world.loans, {.threads = threads});
  REQUIRE(graph.has_value());
  const auto network = MakePortfolioNetwork(artifact, backend);
  REQUIRE(network.has_value());
  REQUIRE(*network != nullptr);
  const auto states = (*network)->Run(*graph, {.threads = threads});
  REQUIRE(states.has_value());
  const auto predictor = LoanByLoan(artifact, backend);
  const auto width = static_cast<std::size_t>(WidthsOf(artifact.weights)->context);
  for (std::size_t i = 0; i < world.loans.size(); ++i) {
    const auto around =
        graph::SampleNeighbourhood(*world.view, world.loans[i], artifact.sampling).value();
    EncodedNeighbourhood alone = encoder.Encode(*world.view, around).value();
    alone.context = WorldContext(width, i);
    const auto expected = predictor->Predict({&alone, 1});
    REQUIRE(expected.has_value());
    const auto forecast = (*states)->Forecast(i, alone.context);
    REQUIRE(forecast.has_value());
    INFO(backend << ", " << threads << " threads, loan " << i);
    REQUIRE((*forecast == expected->front()));
  }
  return world.loans.size();
}

TEST_CASE("Layer by layer gives every loan the bytes of its own pass, on every instruction set") {
  std::size_t loans = 0;
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const PortfolioWorld world(seed, 320);
      // Widths that are whole vectors, and some that are none.
      for (const NetworkWidths widths : {NetworkWidths{64, 32, 0}, NetworkWidths{21, 9, 5}}) {
        ModelArtifact artifact = testing::WorldArtifact(widths, seed);
        for (const graph::SamplingOptions sampling : {graph::SamplingOptions{}, {2, 1}}) {
          artifact.sampling = sampling;
          INFO(set << ", world " << seed);
          for (const char* backend : {"local-fp32", "local-int8", "local-int4"}) {
            for (const int threads : {1, 2}) loans += CompareAll(world, artifact, backend, threads);
          }
        }
      }
    }
  }
  CHECK(loans > 500);
}

TEST_CASE("Only local networks run layer by layer, and only in forms that the model has") {
  ModelArtifact artifact = testing::WorldArtifact({8, 4, 0}, 1);
  artifact.int8.reset();
  for (const char* backend : {"torch", "local-int8", "fake"}) {
    const auto network = MakePortfolioNetwork(artifact, backend);
    REQUIRE(network.has_value());
    CHECK(*network == nullptr);
  }
  artifact.weights.clear();
  CHECK(MakePortfolioNetwork(artifact, "local-fp32").error().code == ErrorCode::kDataLoss);
}

TEST_CASE("A context that does not fit the network is refused") {
  const PortfolioWorld world(1, 650);
  const ModelArtifact artifact = testing::WorldArtifact({8, 4, 2}, 1);
  const Encoder encoder(artifact.schema, world.view->Attributes());
  const auto graph = CollectPortfolio(*world.view, encoder, {}, world.loans, {}).value();
  const auto network = MakePortfolioNetwork(artifact, "local-int8").value();
  const auto states = network->Run(graph, {}).value();
  CHECK(states->Forecast(0, std::vector<float>{0.1F, 0.2F}).has_value());
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::vector<float>& context : {std::vector<float>{}, {0.1F}, {0.1F, nan}}) {
    const auto forecast = states->Forecast(0, context);
    REQUIRE_FALSE(forecast.has_value());
    CHECK(forecast.error().code == ErrorCode::kInvalidArgument);
  }
}

TEST_CASE("A pass over a portfolio stops when it is told to") {
  const PortfolioWorld world(1, 650);
  const ModelArtifact artifact = testing::WorldArtifact({8, 4, 0}, 1);
  const Encoder encoder(artifact.schema, world.view->Attributes());
  const auto graph = CollectPortfolio(*world.view, encoder, {}, world.loans, {}).value();
  const auto network = MakePortfolioNetwork(artifact, "local-fp32").value();
  const std::atomic<bool> stop = true;
  const auto states = network->Run(graph, {.threads = 2, .stop = &stop});
  REQUIRE_FALSE(states.has_value());
  CHECK(states.error().code == ErrorCode::kCancelled);
}

}  // namespace
}  // namespace recoup::model
