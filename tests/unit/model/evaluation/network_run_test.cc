#include "model/evaluation/network_run.h"

#include <catch2/catch_test_macros.hpp>

#include "model/evaluation/metrics.h"
#include "tests/unit/model/evaluation/fake_plugin.h"
#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

TEST_CASE("Every part is encoded as of each loan's own day") {
  const auto store = testing::MakeLoanWorld(200);
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE(data.has_value());
  const auto encoded = EncodeSplit(*store, *data, {}, {});
  REQUIRE(encoded.has_value());
  CHECK(encoded->training.size() == data->training.size());
  CHECK(encoded->validation.size() == data->validation.size());
  CHECK(encoded->test.size() == data->test.size());
  CHECK_FALSE(encoded->test.back().relations.empty());
}

TEST_CASE("Shuffled edges keep the loan's own row and change what is around it") {
  const auto store = testing::MakeLoanWorld(200);
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE(data.has_value());
  const auto real = EncodeSplit(*store, *data, {}, {});
  const auto shuffled = EncodeSplit(*store, *data, {.edges = EdgeUse::kShuffled}, {});
  REQUIRE((real.has_value() && shuffled.has_value()));
  std::size_t changed = 0;
  for (std::size_t i = 0; i < real->test.size(); ++i) {
    CHECK(WithoutSurroundings(*real).test[i] == WithoutSurroundings(*shuffled).test[i]);
    changed += !(real->test[i] == shuffled->test[i]);
  }
  CHECK(changed > real->test.size() / 2);
}

TEST_CASE("Each seed trains once and the averaged forecast is calibrated on validation") {
  const auto store = testing::MakeLoanWorld(600);
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE(data.has_value());
  const auto encoded = EncodeSplit(*store, *data, {}, {});
  REQUIRE(encoded.has_value());
  const testing::FakePlugin plugin;
  const auto predictions = PredictWithNetworks(plugin, *data, *encoded, {.seed = 5}, 2, {});
  REQUIRE(predictions.has_value());
  REQUIRE(plugin.seen.size() == 2);
  CHECK(plugin.seen[0].seed == 5);
  CHECK(plugin.seen[1].seed == 6);
  CHECK(plugin.seen[0].training == data->training.size());
  CHECK(plugin.seen[0].validation == data->validation.size());
  CHECK(RSquared(data->outcomes.test, predictions->mean) > 0.5);
  const IntervalQuality intervals =
      QualityOfIntervals(data->outcomes.test, predictions->lower, predictions->upper);
  CHECK(intervals.coverage > 0.65);
  CHECK(intervals.coverage < 0.92);
}

TEST_CASE("Networks without seeds are refused") {
  const testing::FakePlugin plugin;
  CHECK_FALSE(PredictWithNetworks(plugin, {}, {}, {}, 0, {}).has_value());
}

}  // namespace
}  // namespace recoup::model
