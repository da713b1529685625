#include "model/quantization/quantize_artifact.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstddef>
#include <vector>

#include "model/runtime/forward_pass.h"
#include "model/runtime/packed_network.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_pass.h"
#include "model/runtime/quantized_predictor.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using Catch::Approx;

std::vector<EncodedNeighbourhood> Inputs(std::size_t count, std::uint64_t seed) {
  std::vector<EncodedNeighbourhood> inputs;
  for (std::size_t i = 0; i < count; ++i) {
    inputs.push_back(testing::RandomNeighbourhood(testing::RandomSchema(), seed + i));
  }
  return inputs;
}

ModelArtifact Artifact() { return testing::RandomArtifact({24, 16}, 3); }

TEST_CASE("Each number of bits goes into its own slot, and an earlier network makes way") {
  const auto inputs = Inputs(50, 1);
  ModelArtifact artifact = Artifact();
  REQUIRE(AddQuantized(inputs, 8, &artifact).has_value());
  REQUIRE(artifact.int8.has_value());
  CHECK(artifact.int8->bits == 8);
  CHECK_FALSE(artifact.int4.has_value());
  const QuantizedNetwork earlier = *artifact.int8;
  REQUIRE(AddQuantized(inputs, 4, &artifact).has_value());
  CHECK(artifact.int4->bits == 4);
  CHECK(*artifact.int8 == earlier);
  REQUIRE(AddQuantized(Inputs(50, 500), 8, &artifact).has_value());
  CHECK_FALSE(*artifact.int8 == earlier);
}

// The mean over loans of what is left; 50 times less than without the correction.
TEST_CASE("On average over the loans the logits are those of the original") {
  const auto inputs = Inputs(300, 1);
  for (const int bits : {8, 4}) {
    ModelArtifact artifact = Artifact();
    REQUIRE(AddQuantized(inputs, bits, &artifact).has_value());
    const QuantizedNetwork& rounded = bits == 8 ? *artifact.int8 : *artifact.int4;
    const PackedNetwork original = PackedNetwork::Pack(artifact.weights, artifact.schema).value();
    const PackedQuantizedNetwork packed(rounded);
    ForwardPass before(original);
    QuantizedPass after(packed);
    std::vector<double> sums(kRecoveryCells, 0.0);
    for (const EncodedNeighbourhood& input : inputs) {
      const auto wanted = before.Run(input);
      const auto got = after.Run(input);
      for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
        sums[cell] += static_cast<double>(got[cell]) - static_cast<double>(wanted[cell]);
      }
    }
    const std::vector<float>& bias = artifact.weights.at(std::string(kHeadOutputBias)).values;
    double corrected = 0.0;
    for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
      CHECK(std::abs(sums[cell] / 300.0) < 1e-6);
      corrected = std::max(corrected, std::abs(static_cast<double>(rounded.output_bias[cell]) -
                                               static_cast<double>(bias[cell])));
    }
    CHECK(corrected > 5e-5);
  }
}

TEST_CASE("Without loans a network is rounded all the same, its bias untouched") {
  ModelArtifact artifact = Artifact();
  REQUIRE(AddQuantized({}, 8, &artifact).has_value());
  CHECK(artifact.int8->output_bias == artifact.weights.at(std::string(kHeadOutputBias)).values);
}

TEST_CASE("A network that is not whole is not rounded") {
  ModelArtifact artifact = Artifact();
  artifact.weights.erase("head.hidden.bias");
  const auto added = AddQuantized(Inputs(1, 1), 8, &artifact);
  REQUIRE_FALSE(added.has_value());
  CHECK(added.error().code == ErrorCode::kDataLoss);
  CHECK_FALSE(artifact.int8.has_value());
}

TEST_CASE("The change by rounding is that of the two forecasts' means") {
  ModelArtifact artifact = Artifact();
  REQUIRE(AddQuantized(Inputs(100, 1), 4, &artifact).has_value());
  const auto inputs = Inputs(9, 700);
  const auto change = ChangeByRounding(artifact, 4, inputs);
  REQUIRE(change.has_value());
  const auto before = MakePortablePredictor(artifact).value()->Predict(inputs).value();
  const auto after = MakeQuantizedPredictor(artifact, 4).value()->Predict(inputs).value();
  double sum = 0.0;
  double largest = 0.0;
  double last = 0.0;
  for (std::size_t i = 0; i < 9; ++i) {
    const double apart = std::abs(before[i].distribution.Mean() - after[i].distribution.Mean());
    sum += apart;
    largest = std::max(largest, apart);
    last = apart;
  }
  CHECK(change->loans == 9);
  CHECK(change->mean == Approx(sum / 9.0));
  CHECK(change->max == Approx(largest));
  CHECK(change->mean > 0.0);
  CHECK(last < largest);  // or the check above would see too little
  const auto none = ChangeByRounding(artifact, 8, inputs);
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == ErrorCode::kFailedPrecondition);
}

// On other loans than those calibrated on; measured 7.6e-5 and 3.3e-4.
TEST_CASE("Eight bits move a forecast by little, and four by more") {
  ModelArtifact artifact = Artifact();
  for (const int bits : {8, 4}) REQUIRE(AddQuantized(Inputs(300, 1), bits, &artifact).has_value());
  const auto inputs = Inputs(200, 5000);
  const double in8 = ChangeByRounding(artifact, 8, inputs).value().mean;
  const double in4 = ChangeByRounding(artifact, 4, inputs).value().mean;
  INFO(in8 << " and " << in4);
  CHECK(in8 < 1.5e-4);
  CHECK(in4 < 7e-4);
  CHECK(in8 < in4);
}

}  // namespace
}  // namespace recoup::model
