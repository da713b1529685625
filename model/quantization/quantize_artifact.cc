#include "model/quantization/quantize_artifact.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "model/quantization/activation_ranges.h"
#include "model/quantization/quantize_network.h"
#include "model/runtime/packed_quantized_network.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_pass.h"
#include "model/runtime/quantized_predictor.h"

namespace recoup::model {
namespace {

// Rounding moves whole layers a little to one side. What of that arrives at the logits, on average
// over the loans, is taken out of their bias (Nagel et al. 2019, data-free quantization, section
// 4.2, here with data).
void CorrectBias(const PackedNetwork& original, std::span<const EncodedNeighbourhood> inputs,
                 QuantizedNetwork* rounded) {
  if (inputs.empty()) return;
  const PackedQuantizedNetwork packed(*rounded);
  ForwardPass before(original);
  QuantizedPass after(packed);
  std::array<double, kRecoveryCells> sums{};
  for (const EncodedNeighbourhood& input : inputs) {
    const auto wanted = before.Run(input);
    const auto got = after.Run(input);
    for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
      sums[cell] += static_cast<double>(wanted[cell]) - static_cast<double>(got[cell]);
    }
  }
  for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
    rounded->output_bias[cell] +=
        static_cast<float>(sums[cell] / static_cast<double>(inputs.size()));
  }
}

}  // namespace

Result<void> AddQuantized(std::span<const EncodedNeighbourhood> inputs, int bits,
                          ModelArtifact* artifact) {
  RECOUP_ASSIGN(const PackedNetwork network,
                PackedNetwork::Pack(artifact->weights, artifact->schema));
  RangeObserver observer(network);
  for (const EncodedNeighbourhood& input : inputs) observer.Observe(input);
  RECOUP_ASSIGN(QuantizedNetwork quantized,
                QuantizeNetwork(artifact->weights, artifact->schema, observer.ranges(), bits));
  CorrectBias(network, inputs, &quantized);
  (bits == 8 ? artifact->int8 : artifact->int4) = std::move(quantized);
  return {};
}

Result<RoundingChange> ChangeByRounding(const ModelArtifact& artifact, int bits,
                                        std::span<const EncodedNeighbourhood> inputs) {
  RECOUP_ASSIGN(const std::unique_ptr<Predictor> original, MakePortablePredictor(artifact));
  RECOUP_ASSIGN(const std::unique_ptr<Predictor> rounded, MakeQuantizedPredictor(artifact, bits));
  RECOUP_ASSIGN(const std::vector<RecoveryForecast> before, original->Predict(inputs));
  RECOUP_ASSIGN(const std::vector<RecoveryForecast> after, rounded->Predict(inputs));
  RoundingChange change{.loans = inputs.size()};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const double difference =
        std::abs(after[i].distribution.Mean() - before[i].distribution.Mean());
    change.mean += difference / static_cast<double>(inputs.size());
    change.max = std::max(change.max, difference);
  }
  return change;
}

}  // namespace recoup::model
