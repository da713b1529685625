#include "model/artifact/ensemble_check.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <string>

#include "tests/unit/model/artifact/random_ensemble.h"

namespace recoup::model {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Three own columns: a number, and a category that is missing or unseen.
FeatureSchema Schema() {
  const NumericFeature number{"number", graph::AttributeType::kNumber, {0.0, 1.0}, ""};
  return FeatureSchema({{graph::NodeKind::kLoan, {number}, {{"word", {}}}}}, 0.4);
}

template <typename Change>
Result<void> Changed(Change change) {
  Ensemble ensemble = testing::RandomEnsemble(Schema(), 1);
  change(ensemble);
  return CheckEnsemble(ensemble, Schema());
}

template <typename Change>
void Refused(const std::string& part, Change change) {
  const Result<void> checked = Changed(change);
  INFO(part);
  REQUIRE_FALSE(checked.has_value());
  INFO(checked.error().message);
  CHECK(checked.error().code == ErrorCode::kDataLoss);
  CHECK(checked.error().message.find(part) != std::string::npos);
}

TEST_CASE("An ensemble whose parts fit is accepted") {
  CHECK(Changed([](Ensemble&) {}).has_value());
}

TEST_CASE("An ensemble may do without peers, without the network and without scores") {
  CHECK(Changed([](Ensemble& e) { e.credibility.clear(); }).has_value());
  CHECK(Changed([](Ensemble& e) { e.calibration.scores.clear(); }).has_value());
  CHECK(Changed([](Ensemble& e) { e.residual_ridge = {}; }).has_value());
  CHECK(Changed([](Ensemble& e) { e.metric = {}; }).has_value());
  CHECK(Changed([](Ensemble& e) {
          e.history_relations.clear();
          e.message_relations.clear();
        }).has_value());
}

TEST_CASE("Relations ascend, have names, and history and messages are some of them") {
  Refused("do not ascend after: b", [](Ensemble& e) { e.relations = {"b", "a"}; });
  Refused("do not ascend after: a", [](Ensemble& e) { e.relations = {"a", "a"}; });
  Refused("empty or not UTF-8", [](Ensemble& e) { e.relations[0] = ""; });
  Refused("empty or not UTF-8", [](Ensemble& e) { e.relations[0] = "a\xff"; });
  Refused("history_relations names an unknown relation",
          [](Ensemble& e) { e.history_relations = {"c"}; });
  Refused("message_relations names an unknown relation", [](Ensemble& e) {
    e.message_relations = {"group.vintage", "c"};
  });
  Refused("message_relations names twice: group.vintage", [](Ensemble& e) {
    e.message_relations = {"group.vintage", "group.vintage"};
  });
}

TEST_CASE("A name of a relation may hold any letter") {
  CHECK(Changed([](Ensemble& e) {
          e.relations = {"group.\xc3\xa4lter", "out.b"};
          e.history_relations = {"out.b"};
          e.message_relations = {};
        }).has_value());
}

TEST_CASE("Trees have the columns of their member") {
  // 3 own; 3 + 7 * 2; 3 + 2 * 2 + 4
  Refused("own features must have 3 columns: 17",
          [](Ensemble& e) { e.own_trees[1] = e.relational_trees[0]; });
  Refused("relational must have 17 columns: 3",
          [](Ensemble& e) { e.relational_trees[1] = e.own_trees[0]; });
  Refused("nearest loans must have 11 columns: 17",
          [](Ensemble& e) { e.nearest_trees[0] = e.relational_trees[0]; });
  Refused("must have 10 columns: 17", [](Ensemble& e) {
    e.relations = {"group.vintage"};
    e.history_relations = {};
    e.message_relations = {};
  });
}

TEST_CASE("Own trees must be there, the others only if they have a say") {
  const auto without_weight = [](Ensemble& e, Member member) {
    e.weights = {0.25, 0.25, 0.25, 0.25, 0.25};
    e.weights[static_cast<std::size_t>(member)] = 0.0;
  };
  Refused("none of the trees, own features", [&](Ensemble& e) {
    e.own_trees.clear();
    without_weight(e, Member::kOwnTrees);
  });
  Refused("none of the trees, relational", [](Ensemble& e) { e.relational_trees.clear(); });
  Refused("none of the trees, nearest loans", [](Ensemble& e) { e.nearest_trees.clear(); });
  CHECK(Changed([&](Ensemble& e) {
          e.relational_trees.clear();
          without_weight(e, Member::kRelationalTrees);
        }).has_value());
  CHECK(Changed([&](Ensemble& e) {
          e.nearest_trees.clear();
          without_weight(e, Member::kNearestTrees);
        }).has_value());
}

TEST_CASE("Linear models and metric have the columns of the loans") {
  Refused("own ridge must have 3 columns: 4",
          [](Ensemble& e) { e.own_ridge = testing::SmallRidge(4); });
  Refused("own ridge must have 3 columns: 0", [](Ensemble& e) { e.own_ridge = {}; });
  Refused("residual ridge must have 4 columns: 3",
          [](Ensemble& e) { e.residual_ridge = testing::SmallRidge(3); });
  Refused("no such column: 3", [](Ensemble& e) { e.metric.columns[1] = 3; });
  Refused("one scale a column", [](Ensemble& e) { e.metric.scales.pop_back(); });
  Refused("scale of the metric is not finite",
          [](Ensemble& e) { e.metric.scales[0] = -kInfinity; });
}

TEST_CASE("Weights are shares") {
  CHECK(Changed([](Ensemble& e) { e.weights[0] += 0.9e-9; }).has_value());
  Refused("sum to 1", [](Ensemble& e) { e.weights[0] += 1.1e-9; });
  Refused("sum to 1", [](Ensemble& e) { e.weights[0] -= 1.1e-9; });
  Refused("sum to 1", [](Ensemble& e) { e.weights = {}; });
  Refused("in [0, 1]", [](Ensemble& e) { e.network_weight = -0.01; });
  Refused("in [0, 1]", [](Ensemble& e) { e.network_weight = 1.01; });
  Refused("in [0, 1]", [](Ensemble& e) { e.network_weight = std::nan(""); });
  Refused("negative or not finite", [](Ensemble& e) { e.weights = {1.5, -0.5, 0.0, 0.0, 0.0}; });
  Refused("negative or not finite",
          [](Ensemble& e) { e.weights[4] = std::numeric_limits<double>::quiet_NaN(); });
}

TEST_CASE("A calibration has a coverage, a window, bands and days that do not descend") {
  Refused("coverage", [](Ensemble& e) { e.calibration.coverage = 0.0; });
  Refused("coverage", [](Ensemble& e) { e.calibration.coverage = 1.0; });
  Refused("window", [](Ensemble& e) { e.calibration.window = 0; });
  Refused("band ends", [](Ensemble& e) { e.calibration.band_ends = {0.75F, 0.25F}; });
  Refused("band ends", [](Ensemble& e) { e.calibration.band_ends[1] = kInfinity; });
  Refused("must not descend: 1",
          [](Ensemble& e) { e.calibration.scores[0].known_at = Date(20'001); });
  Refused("score is not finite: 0", [](Ensemble& e) { e.calibration.scores[0].score = kInfinity; });
  Refused("score is not finite: 2",
          [](Ensemble& e) { e.calibration.scores[2].forecast_mean = kInfinity; });
}

TEST_CASE("Tensors are finite") {
  Refused("not finite in tensor: credibility.kappa",
          [](Ensemble& e) { e.credibility[1].begin()->second.values[0] = kInfinity; });
}

}  // namespace
}  // namespace recoup::model
