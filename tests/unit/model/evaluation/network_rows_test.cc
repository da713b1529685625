#include "model/evaluation/network_rows.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/model/evaluation/fake_plugin.h"
#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

struct World {
  std::unique_ptr<graph::GraphStore> store = testing::MakeLoanWorld(400);
  PreparedData data = PrepareData(*store, {}, {}, {}).value();
  EvaluateOptions options{.seeds = 1};

  Result<EvaluationTable> Rows(const NetworkSource& network) const {
    Comparison comparison;
    RECOUP_TRY(AddNetworkRows({*store, data, network, options}, {}, comparison));
    return comparison.Finish(*store, data, {}, 1);
  }
};

std::string AllNotes(const EvaluationTable& table) {
  std::string notes;
  for (const std::string& note : table.notes) notes += note + "\n";
  return notes;
}

TEST_CASE("Without a plug-in the three rows are absent and say why") {
  const auto table = World().Rows({.absent_because = "LibTorch is not installed"});
  REQUIRE(table.has_value());
  REQUIRE(table->rows.size() == 3);
  for (const EvaluationRow& row : table->rows) {
    CHECK_FALSE(row.figures.has_value());
    CHECK(row.absent_because == "LibTorch is not installed");
  }
}

TEST_CASE("The network is trained with its edges, without them, and with other loans' edges") {
  const World world;
  const testing::FakePlugin plugin;
  const auto table = world.Rows({.plugin = &plugin});
  REQUIRE(table.has_value());
  CHECK(table->rows.size() == 3);
  REQUIRE(plugin.seen.size() == 3);
  CHECK(plugin.seen[0].relations > 0);
  CHECK(plugin.seen[0].other_rows > 0);
  CHECK(plugin.seen[1].relations == 0);
  CHECK(plugin.seen[1].other_rows == 0);
  CHECK(plugin.seen[2].relations > 0);
  CHECK_FALSE(plugin.seen[0].last_inputs == plugin.seen[2].last_inputs);
}

TEST_CASE("An existing model is judged as it is, with its own schema and intervals") {
  const World world;
  const testing::FakePredictor predictor({0.3F, 0.7F});
  ModelArtifact artifact;
  artifact.version = "old";
  artifact.schema = world.data.schema;
  artifact.card_json = R"({"split":{"labels_before":"2006-01-01"}})";
  const auto table = world.Rows({.artifact = &artifact, .predictor = &predictor});
  REQUIRE(table.has_value());
  const EvaluationRow* network = table->Find(row::kNetwork);
  REQUIRE(network->figures.has_value());
  CHECK(network->figures->width80 > 0.799);
  CHECK(network->figures->width80 < 0.801);
  CHECK_FALSE(table->Find(row::kNetworkWithoutEdges)->figures.has_value());
  CHECK(AllNotes(*table).find("existing model old") != std::string::npos);
  CHECK(AllNotes(*table).find("may have seen") == std::string::npos);
}

TEST_CASE("An existing model that may have seen the test loans raises the alarm") {
  const World world;
  const testing::FakePredictor predictor({0.3F, 0.7F});
  ModelArtifact artifact;
  artifact.schema = world.data.schema;
  artifact.card_json = R"({"split":{"labels_before":"2030-01-01"}})";
  const NetworkSource network{.artifact = &artifact, .predictor = &predictor};
  auto table = world.Rows(network);
  REQUIRE(table.has_value());
  CHECK(AllNotes(*table).find("ALARM") != std::string::npos);
  artifact.card_json = "{}";
  table = world.Rows(network);
  CHECK(AllNotes(*table).find("does not say") != std::string::npos);
}

TEST_CASE("An artifact without a predictor is refused") {
  const ModelArtifact artifact;
  CHECK_FALSE(World().Rows({.artifact = &artifact}).has_value());
}

}  // namespace
}  // namespace recoup::model
