// A generated portfolio valued by the network together and loan by loan: tape, mapping, store,
// schema and sampling as a user has them.
#include "model/features/portfolio_graph.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/ingest/import.h"
#include "graph/store/graph_store.h"
#include "graph/synthetic/generate_portfolio.h"
#include "model/features/encoder.h"
#include "model/runtime/layerwise_network.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_predictor.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/model/runtime/portfolio_world.h"

namespace recoup::model {
namespace {

constexpr NetworkWidths kWidths{32, 16, 0};

struct Generated {
  Generated() {
    REQUIRE(graph::GeneratePortfolio({.loans = 1500, .seed = 11}, folder.path()).has_value());
    graph::ImportOptions options;
    options.tape = folder / "tape";
    options.mapping = folder / "tape" / "mapping.toml";
    const auto imported =
        graph::ImportTape(options, [this](const graph::FactBatch& batch) -> Result<void> {
          RECOUP_TRY(store->Apply(batch));
          return {};
        });
    REQUIRE(imported.has_value());
    const auto examples = CollectExamples(*store);
    REQUIRE(examples.has_value());
    auto schema = FitFeatureSchema(*store, examples->examples, {});
    REQUIRE(schema.has_value());
    artifact.version = "generated";
    artifact.schema = *schema;
    artifact.weights = testing::WorldWeights(artifact.schema, kWidths, 5);
    artifact.int8 = testing::QuantizedDraw(5, kWidths, 8).Draw(artifact.schema);
    artifact.calibration = {0.8, 0.02, 1500};
  }

  TemporaryDirectory folder;
  std::unique_ptr<graph::GraphStore> store = graph::MakeMemoryGraphStore();
  ModelArtifact artifact;
};

std::vector<graph::NodeId> OpenLoans(const graph::GraphView& view) {
  std::vector<graph::NodeId> open;
  const std::vector<graph::NodeId> loans = view.Nodes(graph::NodeKind::kLoan).value();
  for (const graph::NodeId loan : loans) {
    if (!view.OutcomeOf(loan)->has_value()) open.push_back(loan);
  }
  return open;
}

TEST_CASE("Open loans of a generated portfolio have the same forecasts together and alone") {
  Generated generated;
  ModelArtifact& artifact = generated.artifact;
  for (const char* day : {"2022-06-30", "2025-12-31"}) {
    const auto view = generated.store->ViewAsOf(Date::Parse(day).value());
    const Encoder encoder(artifact.schema, view->Attributes());
    const std::vector<graph::NodeId> loans = OpenLoans(*view);
    REQUIRE(loans.size() > 100);
    for (const graph::SamplingOptions sampling : {graph::SamplingOptions{}, {2, 1}}) {
      artifact.sampling = sampling;
      std::optional<PortfolioGraph> first;
      for (const int threads : {1, 2}) {
        auto graph = CollectPortfolio(*view, encoder, sampling, loans, {.threads = threads});
        REQUIRE(graph.has_value());
        if (first) REQUIRE((*graph == *first));
        first = std::move(graph).value();
      }
      for (const char* backend : {"local-fp32", "local-int8"}) {
        const auto network = MakePortfolioNetwork(artifact, backend).value();
        const auto states = network->Run(*first, {.threads = 2}).value();
        const auto alone = std::string(backend) == "local-fp32"
                               ? MakePortablePredictor(artifact).value()
                               : MakeQuantizedPredictor(artifact, 8).value();
        for (std::size_t i = 0; i < loans.size(); ++i) {
          const auto around = graph::SampleNeighbourhood(*view, loans[i], sampling).value();
          const auto encoded = encoder.Encode(*view, around).value();
          const auto expected = alone->Predict({&encoded, 1});
          REQUIRE(expected.has_value());
          INFO(day << ", " << backend << ", loan " << i);
          REQUIRE((*states->Forecast(i, {}) == expected->front()));
        }
      }
    }
  }
}

}  // namespace
}  // namespace recoup::model
