#include "model/runtime/quantized_predictor.h"

#include <optional>
#include <string>
#include <utility>

#include "model/predictor/check_input.h"
#include "model/predictor/forecast_from_logits.h"
#include "model/runtime/packed_quantized_network.h"
#include "model/runtime/quantized_pass.h"

namespace recoup::model {
namespace {

Result<void> CheckChildren(const EncodedNeighbourhood& input) {
  for (const RelationRows& edges : input.relations) {
    std::size_t run = 0;
    for (std::size_t i = 0; i < edges.parents.size(); ++i) {
      run = i > 0 && edges.parents[i] == edges.parents[i - 1] ? run + 1 : 1;
      if (run <= kMostChildren) continue;
      return Error{ErrorCode::kInvalidArgument,
                   "more neighbours of one relation than can be summed: " + std::to_string(run)};
    }
    for (const float weight : edges.weights) {
      if (weight >= 0.0F && weight <= 1.0F) continue;
      return Error{ErrorCode::kInvalidArgument,
                   "the weight of an edge must lie between 0 and 1: " + std::to_string(weight)};
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
    QuantizedPass pass(network_);
    std::vector<RecoveryForecast> forecasts;
    forecasts.reserve(inputs.size());
    for (const EncodedNeighbourhood& input : inputs) {
      RECOUP_TRY(CheckInput(input, schema_, network_.context_width()));
      RECOUP_TRY(CheckChildren(input));
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
