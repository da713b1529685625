#include "model/runtime/quantized_predictor.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "model/predictor/check_input.h"
#include "model/predictor/forecast_from_logits.h"
#include "model/runtime/packed_quantized_network.h"
#include "model/runtime/quantized_pass.h"

namespace recoup::model {
namespace {

bool AreShares(std::span<const float> weights) {
  std::uint32_t outside = 0;
  for (const float weight : weights) {
    outside |= weight >= 0.0F && weight <= 1.0F ? 0U : 1U;
  }
  return outside == 0;
}

std::size_t MostChildren(std::span<const std::uint32_t> parents) {
  std::size_t most = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    if (parents[i] != parents[begin]) begin = i;
    most = std::max(most, i + 1 - begin);
  }
  return most;
}

// What integer sums ask for, beyond CheckInput.
Result<void> CheckEdges(const EncodedNeighbourhood& input) {
  for (const RelationRows& edges : input.relations) {
    if (!AreShares(edges.weights)) {
      return Error{ErrorCode::kInvalidArgument,
                   "the weight of an edge must lie between 0 and 1: " +
                       std::string(graph::EdgeKindName(edges.relation.kind))};
    }
    if (edges.parents.size() > kMostChildren && MostChildren(edges.parents) > kMostChildren) {
      return Error{ErrorCode::kInvalidArgument,
                   "more neighbours of one relation than can be summed: " +
                       std::to_string(edges.parents.size())};
    }
  }
  return {};
}

class QuantizedPredictor final : public Predictor {
 public:
  QuantizedPredictor(const QuantizedNetwork& network, FeatureSchema schema, Calibration calibration)
      : network_(network), schema_(std::move(schema)), calibration_(calibration) {}

  Result<std::vector<RecoveryForecast>> Predict(
      std::span<const EncodedNeighbourhood> inputs) const override {
    // A worker's memory, for whichever network it serves: nothing is allocated a loan but the
    // answer.
    thread_local QuantizedPass pass(network_);
    pass.Use(network_);
    std::vector<RecoveryForecast> forecasts;
    forecasts.reserve(inputs.size());
    for (const EncodedNeighbourhood& input : inputs) {
      RECOUP_TRY(CheckInput(input, schema_, network_.context_width()));
      RECOUP_TRY(CheckEdges(input));
      if (input.seeds != 1) {
        return Error{ErrorCode::kInvalidArgument,
                     "input must hold one loan: " + std::to_string(input.seeds)};
      }
      RECOUP_ASSIGN(auto forecast, ForecastFromLogits(pass.Run(input), calibration_));
      forecasts.push_back(std::move(forecast));
    }
    return forecasts;
  }

  std::string_view backend() const override {
    return network_.bits() == 8 ? "local-int8" : "local-int4";
  }

 private:
  PackedQuantizedNetwork network_;
  FeatureSchema schema_;
  Calibration calibration_;
};

}  // namespace

Result<std::unique_ptr<Predictor>> MakeQuantizedPredictor(const ModelArtifact& artifact, int bits) {
  const std::optional<QuantizedNetwork>& network = bits == 8 ? artifact.int8 : artifact.int4;
  if (!network) {
    return Error{ErrorCode::kFailedPrecondition,
                 "model " + artifact.version + " has no form in " + std::to_string(bits) +
                     " bits; make one with `recoup model quantize --bits " + std::to_string(bits) +
                     "`"};
  }
  return std::unique_ptr<Predictor>(
      std::make_unique<QuantizedPredictor>(*network, artifact.schema, artifact.calibration));
}

}  // namespace recoup::model
