#include "model/evaluation/network_rows.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "model/evaluation/train_model.h"
#include "model/runtime/ensemble_predictor.h"
#include "tests/unit/model/evaluation/fake_plugin.h"
#include "tests/unit/model/evaluation/loan_world.h"
#include "tests/unit/model/learning/peer_world.h"

namespace recoup::model {
namespace {

using Catch::Approx;

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

std::string NotedAlarms(const EvaluationTable& table) {
  std::string alarms;
  for (const Alarm& alarm : table.alarms) {
    if (alarm.kind == AlarmKind::kNoted) alarms += alarm.text + "\n";
  }
  return alarms;
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
  CHECK(NotedAlarms(*table).empty());
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
  CHECK(NotedAlarms(*table).find("2030-01-01 and may have seen") != std::string::npos);
  CHECK(AllNotes(*table).find("may have seen") == std::string::npos);
  artifact.card_json = "{}";
  table = world.Rows(network);
  CHECK(NotedAlarms(*table).find("does not say") != std::string::npos);
}

TEST_CASE("An existing ensemble is judged with what its peers say, as its card had it") {
  const auto store = testing::PeerWorld(1500, 1).Store();
  const testing::FakePlugin plugin;
  TrainModelOptions training{.version = "v1"};
  training.ensemble = testing::SmallWalk().ensemble;
  TrainedModel model = TrainModel(*store, plugin, training).value();
  graph::FactBatch ledger;
  ledger.facts = std::move(model.ledger);
  REQUIRE(store->Apply(ledger).has_value());
  const auto predictor =
      MakeEnsemblePredictor(model.artifact, plugin.MakePredictor(model.artifact).value()).value();

  const PreparedData data = PrepareData(*store, {}, {}, {}).value();
  const NetworkSource network{.artifact = &model.artifact, .predictor = predictor.get()};
  const EvaluateOptions options{.seeds = 1};
  Comparison comparison;
  const auto added = AddNetworkRows({*store, data, network, options}, {}, comparison);
  if (!added.has_value()) FAIL(added.error().message);
  const EvaluationTable table = comparison.Finish(*store, data, {}, 1).value();
  const RowFigures& judged = *table.Find(row::kNetwork)->figures;
  const auto card = nlohmann::json::parse(model.artifact.card_json)["metrics"]["test"];
  CHECK(judged.r_squared > 0.6);  // more than the size alone explains
  CHECK(judged.r_squared == Approx(card["r2"].get<double>()).margin(2e-4));
  CHECK(judged.crps == Approx(card["crps"].get<double>()).margin(2e-4));
  CHECK(judged.coverage80 == Approx(card["coverage80"].get<double>()).margin(2e-3));
  CHECK(judged.width80 == Approx(card["width80"].get<double>()).margin(2e-4));
  CHECK(NotedAlarms(table).empty());
}

TEST_CASE("An artifact without a predictor is refused") {
  const ModelArtifact artifact;
  CHECK_FALSE(World().Rows({.artifact = &artifact}).has_value());
}

}  // namespace
}  // namespace recoup::model
