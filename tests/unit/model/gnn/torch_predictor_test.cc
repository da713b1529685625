#include "model/gnn/torch_predictor.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "model/runtime/portable_predictor.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

std::vector<EncodedNeighbourhood> RandomInputs(const FeatureSchema& schema, std::size_t count) {
  std::vector<EncodedNeighbourhood> inputs;
  for (std::size_t i = 0; i < count; ++i) {
    inputs.push_back(testing::RandomNeighbourhood(schema, i, 1 + i % 5, i % 7));
  }
  return inputs;
}

double LargestDifference(const RecoveryForecast& a, const RecoveryForecast& b) {
  double largest = std::max(std::abs(a.lower - b.lower), std::abs(a.upper - b.upper));
  largest = std::max(largest, std::abs(a.distribution.Mean() - b.distribution.Mean()));
  for (int percent = 1; percent < 100; ++percent) {
    const double p = percent / 100.0;
    largest = std::max(largest, std::abs(a.distribution.Quantile(p) - b.distribution.Quantile(p)));
  }
  return largest;
}

TEST_CASE("LibTorch and the portable runtime agree on every quantile") {
  double largest = 0.0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto artifact = testing::RandomArtifact({32, 64}, seed);
    const auto inputs = RandomInputs(artifact.schema, 60);
    const auto torch = MakeTorchPredictor(artifact).value()->Predict(inputs).value();
    const auto portable = MakePortablePredictor(artifact).value()->Predict(inputs).value();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      largest = std::max(largest, LargestDifference(torch[i], portable[i]));
    }
  }
  CAPTURE(largest);
  CHECK(largest < 1e-5);
}

TEST_CASE("LibTorch and the portable runtime agree on networks that look at a context") {
  const auto artifact = testing::RandomArtifact({16, 8, 3}, 4);
  auto inputs = RandomInputs(artifact.schema, 20);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto x = static_cast<float>(i);
    inputs[i].context = {0.1F * x, 1.0F - 0.05F * x, 0.3F};
  }
  const auto torch = MakeTorchPredictor(artifact).value();
  const auto portable = MakePortablePredictor(artifact).value();
  const auto expected = portable->Predict(inputs).value();
  const auto found = torch->Predict(inputs).value();
  double largest = 0.0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    largest = std::max(largest, LargestDifference(found[i], expected[i]));
  }
  CHECK(largest < 1e-5);
  inputs[0].context[0] += 3.0F;
  CHECK_FALSE(portable->Predict(inputs).value()[0] == expected[0]);
  inputs[0].context.clear();
  CHECK(torch->Predict(inputs).error().code == ErrorCode::kInvalidArgument);
  CHECK(portable->Predict(inputs).error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("In LibTorch, too, a loan's forecast does not depend on its batch") {
  const auto artifact = testing::RandomArtifact({16, 16}, 9);
  const auto predictor = MakeTorchPredictor(artifact).value();
  const auto inputs = RandomInputs(artifact.schema, 20);
  const auto together = predictor->Predict(inputs).value();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    CHECK(predictor->Predict({&inputs[i], 1}).value()[0] == together[i]);
  }
  CHECK(predictor->backend() == "torch");
}

TEST_CASE("LibTorch's predictor refuses what does not fit") {
  auto artifact = testing::RandomArtifact({4, 4}, 9);
  auto inputs = RandomInputs(artifact.schema, 1);
  inputs[0].Of(graph::NodeKind::kLoan).numeric.pop_back();
  const auto predicted = MakeTorchPredictor(artifact).value()->Predict(inputs);
  REQUIRE_FALSE(predicted.has_value());
  CHECK(predicted.error().code == ErrorCode::kInvalidArgument);
  artifact.weights.erase("head.output.bias");
  CHECK(MakeTorchPredictor(artifact).error().code == ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace recoup::model
