#include "model/runtime/portable_predictor.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::NodeKind;

std::vector<EncodedNeighbourhood> RandomInputs(const FeatureSchema& schema, std::size_t count) {
  std::vector<EncodedNeighbourhood> inputs;
  for (std::size_t i = 0; i < count; ++i) {
    inputs.push_back(testing::RandomNeighbourhood(schema, 100 + i));
  }
  return inputs;
}

TEST_CASE("A loan's forecast does not depend on its batch") {
  const auto artifact = testing::RandomArtifact({16, 32}, 5);
  const auto predictor = MakePortablePredictor(artifact).value();
  const auto inputs = RandomInputs(artifact.schema, 40);
  const auto together = predictor->Predict(inputs).value();
  REQUIRE(together.size() == inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    CHECK(predictor->Predict({&inputs[i], 1}).value()[0] == together[i]);
  }
  CHECK(predictor->backend() == "local-fp32");
  CHECK(predictor->Predict({}).value().empty());
}

TEST_CASE("Threads that share a predictor get the same forecasts") {
  const auto artifact = testing::RandomArtifact({16, 32}, 5);
  const auto predictor = MakePortablePredictor(artifact).value();
  const auto inputs = RandomInputs(artifact.schema, 40);
  const auto expected = predictor->Predict(inputs).value();
  std::vector<std::vector<RecoveryForecast>> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back([&] { result = predictor->Predict(inputs).value(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& result : results) CHECK(result == expected);
}

TEST_CASE("The interval is the calibrated one") {
  auto artifact = testing::RandomArtifact({4, 8}, 7);
  artifact.calibration = {0.9, 0.03, 10};
  const auto inputs = RandomInputs(artifact.schema, 5);
  const auto predictor = MakePortablePredictor(artifact).value();
  const auto forecasts = predictor->Predict(inputs).value();
  for (const RecoveryForecast& forecast : forecasts) {
    const auto& distribution = forecast.distribution;
    const double lower = std::max(0.0, distribution.Quantile((1.0 - 0.9) / 2.0) - 0.03);
    const double upper = std::min(1.0, distribution.Quantile((1.0 + 0.9) / 2.0) + 0.03);
    CHECK(std::abs(forecast.lower - lower) < 1e-12);
    CHECK(std::abs(forecast.upper - upper) < 1e-12);
    CHECK(forecast.coverage == 0.9);
  }
}

TEST_CASE("A network that is not whole gives no predictor") {
  auto artifact = testing::RandomArtifact({4, 8}, 7);
  artifact.weights.erase("head.hidden.bias");
  const auto made = MakePortablePredictor(artifact);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == ErrorCode::kDataLoss);
}

TEST_CASE("Numbers that overflow on the way are an error, not a forecast") {
  auto artifact = testing::RandomArtifact({4, 8}, 7);
  for (auto& [name, tensor] : artifact.weights) {
    for (float& value : tensor.values) value = 1e30F;
  }
  const auto predicted =
      MakePortablePredictor(artifact).value()->Predict(RandomInputs(artifact.schema, 1));
  REQUIRE_FALSE(predicted.has_value());
  CHECK(predicted.error().code == ErrorCode::kInternal);
}

TEST_CASE("Infinities that cancel on the way are an error, not a forecast") {
  auto artifact = testing::RandomArtifact({4, 8}, 7);
  const auto fill = [&](const std::string& name, float value) {
    std::vector<float>& values = artifact.weights.at(name).values;
    std::fill(values.begin(), values.end(), value);
  };
  // The first layer overflows to +inf; the head then sums +inf and -inf, and hides it in its ReLU.
  fill(SelfWeightName(1, NodeKind::kLoan), 3e38F);
  fill(SelfBiasName(1, NodeKind::kLoan), 3e38F);
  std::vector<float>& second = artifact.weights.at(SelfWeightName(2, NodeKind::kLoan)).values;
  for (std::size_t i = 0; i < second.size(); ++i) second[i] = i % 2 == 0 ? 3e38F : -3e38F;
  const auto predicted =
      MakePortablePredictor(artifact).value()->Predict(RandomInputs(artifact.schema, 1));
  REQUIRE_FALSE(predicted.has_value());
  CHECK(predicted.error().code == ErrorCode::kInternal);
}

TEST_CASE("An input of several loans is refused") {
  const auto artifact = testing::RandomArtifact({4, 8}, 7);
  const auto inputs = RandomInputs(artifact.schema, 2);
  const std::vector<const EncodedNeighbourhood*> parts = {&inputs[0], &inputs[1]};
  const std::vector<EncodedNeighbourhood> joined = {Collate(parts)};
  const auto predicted = MakePortablePredictor(artifact).value()->Predict(joined);
  REQUIRE_FALSE(predicted.has_value());
  CHECK(predicted.error().code == ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace recoup::model
