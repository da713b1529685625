#include "model/evaluation/model_card.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using testing::Day;

std::string Card() {
  const auto store = testing::MakeLoanWorld(200);
  const PreparedData data = PrepareData(*store, {}, {}, {}).value();
  ModelArtifact artifact;
  artifact.version = "v1";
  artifact.schema = data.schema;
  artifact.calibration = {0.8, 0.05, 30};
  TrainModelOptions options;
  options.training.seed = 17;
  CardFigures figures;
  figures.learning.interrupted = true;
  figures.test.r_squared = 0.25;
  figures.test.coverage80 = 0.71;
  return ModelCard(artifact, data, options, figures);
}

TEST_CASE("A card says what the model learnt from, how good it is and what it is not good for") {
  const auto card = nlohmann::json::parse(Card());
  CHECK(card["version"] == "v1");
  CHECK(card["data"]["store_epoch"] == 1);
  // 2005-01-01 plus 180 days.
  CHECK(card["data"]["first_training_outcome"] == "2005-06-30");
  CHECK(card["split"]["training"] == 120);
  CHECK(card["split"]["left_out_known_on_valuation_day"] == 0);
  CHECK(card["training"]["seed"] == 17);
  CHECK(card["training"]["interrupted"] == true);
  CHECK(card["metrics"]["test"]["r2"] == 0.25);
  CHECK(card["attributes"]["loan"] == nlohmann::json({"noise", "size", "colour"}));
  CHECK(card["limitations"].size() >= 5);
  CHECK(card["limitations"].dump().find("0.7100") != std::string::npos);
  CHECK(card["versions"].contains("recoup"));
}

TEST_CASE("A card tells the day before which its labels were known") {
  // Training and validation hold 150 loans; the last one's outcome is known on day 3 * 149 + 180.
  const auto day = LabelsBeforeOfCard(Card());
  REQUIRE(day.has_value());
  CHECK(*day == Day("2005-01-01").PlusDays(3 * 149 + 180 + 1));
}

TEST_CASE("A card that is not one tells nothing") {
  for (const char* text :
       {"", "{", "[]", "{}", R"({"split":3})", R"({"split":{}})",
        R"({"split":{"labels_before":7}})", R"({"split":{"labels_before":"soon"}})"}) {
    CHECK_FALSE(LabelsBeforeOfCard(text).has_value());
  }
}

}  // namespace
}  // namespace recoup::model
