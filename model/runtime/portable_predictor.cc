#include "model/runtime/portable_predictor.h"

#include <string>
#include <utility>

#include "model/predictor/check_input.h"
#include "model/predictor/forecast_from_logits.h"
#include "model/runtime/forward_pass.h"
#include "model/runtime/packed_network.h"

namespace recoup::model {
namespace {

class PortablePredictor final : public Predictor {
 public:
  PortablePredictor(PackedNetwork network, FeatureSchema schema, Calibration calibration)
      : network_(std::move(network)), schema_(std::move(schema)), calibration_(calibration) {}

  Result<std::vector<RecoveryForecast>> Predict(
      std::span<const EncodedNeighbourhood> inputs) const override {
    ForwardPass pass(network_);
    std::vector<RecoveryForecast> forecasts;
    forecasts.reserve(inputs.size());
    for (const EncodedNeighbourhood& input : inputs) {
      RECOUP_TRY(CheckInput(input, schema_, network_.context_width()));
      if (input.seeds != 1) {
        return Error{ErrorCode::kInvalidArgument,
                     "input must hold one loan: " + std::to_string(input.seeds)};
      }
      RECOUP_ASSIGN(auto forecast, ForecastFromLogits(pass.Run(input), calibration_));
      forecasts.push_back(std::move(forecast));
    }
    return forecasts;
  }

  std::string_view backend() const override { return "local-fp32"; }

 private:
  PackedNetwork network_;
  FeatureSchema schema_;
  Calibration calibration_;
};

}  // namespace

Result<std::unique_ptr<Predictor>> MakePortablePredictor(const ModelArtifact& artifact) {
  RECOUP_ASSIGN(PackedNetwork network, PackedNetwork::Pack(artifact.weights, artifact.schema));
  return std::unique_ptr<Predictor>(std::make_unique<PortablePredictor>(
      std::move(network), artifact.schema, artifact.calibration));
}

}  // namespace recoup::model
