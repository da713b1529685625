#include "model/quantization/quantize_artifact.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "model/quantization/activation_ranges.h"
#include "model/quantization/quantize_network.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_predictor.h"

namespace recoup::model {

Result<void> AddQuantized(std::span<const EncodedNeighbourhood> inputs, int bits,
                          ModelArtifact* artifact) {
  RECOUP_ASSIGN(const PackedNetwork network,
                PackedNetwork::Pack(artifact->weights, artifact->schema));
  RangeObserver observer(network);
  for (const EncodedNeighbourhood& input : inputs) observer.Observe(input);
  RECOUP_ASSIGN(QuantizedNetwork quantized,
                QuantizeNetwork(artifact->weights, artifact->schema, observer.ranges(), bits));
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
