#include "model/evaluation/train_model.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/model/evaluation/fake_plugin.h"
#include "tests/unit/model/evaluation/loan_world.h"

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
  CHECK(artifact->weights.contains("means"));
  CHECK(artifact->calibration.coverage == 0.8);
  CHECK(artifact->calibration.loans == 90);
  const auto card = nlohmann::json::parse(artifact->card_json);
  CHECK(card["metrics"]["test"]["r2"].get<double>() > 0.7);
  CHECK(card["split"]["training"] == 360);
}

TEST_CASE("The same store and options give the same model") {
  const auto store = testing::MakeLoanWorld(200);
  const testing::FakePlugin plugin;
  const auto one = TrainModel(*store, plugin, {.version = "a"});
  const auto other = TrainModel(*store, plugin, {.version = "a"});
  REQUIRE((one.has_value() && other.has_value()));
  CHECK(one->artifact == other->artifact);
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
