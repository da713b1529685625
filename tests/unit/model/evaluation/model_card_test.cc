#include "model/evaluation/model_card.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using testing::Day;

std::string CardOf(const std::function<void(ModelArtifact&, CardFigures&)>& change) {
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
  change(artifact, figures);
  return ModelCard(artifact, data, options, figures);
}

std::string Card() {
  return CardOf([](ModelArtifact& /*artifact*/, CardFigures& /*figures*/) {});
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

TEST_CASE("A card says what the members of the ensemble are worth and what they listen to") {
  const auto card = nlohmann::json::parse(CardOf([](ModelArtifact& artifact, CardFigures& figures) {
    Ensemble& ensemble = artifact.ensemble.emplace();
    ensemble.relations = {"in.borrows.party", "out.originated_by.party"};
    ensemble.history_relations = {"out.originated_by.party"};
    ensemble.message_relations = {"in.borrows.party"};
    ensemble.variant = CredibilityVariant::kDeep;
    ensemble.network_weight = 0.125;
    ensemble.labels_before = Day("2011-02-03");
    ensemble.calibration.scores.resize(7);
    figures.members = {{"trees, own features", 0.2, 0.31, 0.4}, {"other", 0.8, std::nan(""), 0.3}};
    figures.tree_depth = 3;
  }));
  const nlohmann::json& ensemble = card["ensemble"];
  REQUIRE(ensemble["members"].size() == 2);
  CHECK(ensemble["members"][0] == nlohmann::json({{"name", "trees, own features"},
                                                  {"weight", 0.2},
                                                  {"test_r2_alone", 0.31},
                                                  {"test_r2_of_the_others", 0.4}}));
  CHECK(ensemble["members"][1]["test_r2_alone"].is_null());
  CHECK(ensemble["network_share"] == 0.125);
  CHECK(ensemble["learnt_before"] == "2011-02-03");
  CHECK(ensemble["relations"].size() == 2);
  CHECK(ensemble["history_relations"][0] == "out.originated_by.party");
  CHECK(ensemble["message_relations"][0] == "in.borrows.party");
  CHECK(ensemble["credibility_variant"] == "deep");
  CHECK(ensemble["max_depth"] == 3);
  CHECK(ensemble["calibration"]["scores"] == 7);
  CHECK(ensemble["calibration"]["window"] == 1500);
}

TEST_CASE("A card without an ensemble says why there is none, or says nothing of it") {
  CHECK_FALSE(nlohmann::json::parse(Card()).contains("ensemble"));
  const auto card =
      nlohmann::json::parse(CardOf([](ModelArtifact& /*artifact*/, CardFigures& figures) {
        figures.no_ensemble_because = "no feature varies";
      }));
  CHECK(card["ensemble"] == nlohmann::json({{"absent_because", "no feature varies"}}));
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
