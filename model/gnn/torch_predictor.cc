#include "model/gnn/torch_predictor.h"

#include <exception>
#include <string>
#include <utility>

#include "model/gnn/recovery_network.h"
#include "model/predictor/check_input.h"
#include "model/predictor/forecast_from_logits.h"

namespace recoup::model {
namespace {

Error TorchFailed(const std::exception& exception) {
  return {ErrorCode::kInternal, std::string("LibTorch failed: ") + exception.what()};
}

class TorchPredictor final : public Predictor {
 public:
  TorchPredictor(const ModelArtifact& artifact, std::size_t context_width)
      : network_(artifact.schema, artifact.weights),
        schema_(artifact.schema),
        context_width_(context_width),
        calibration_(artifact.calibration) {}

  Result<std::vector<RecoveryForecast>> Predict(
      std::span<const EncodedNeighbourhood> inputs) const override {
    try {
      std::vector<RecoveryForecast> forecasts;
      forecasts.reserve(inputs.size());
      for (const EncodedNeighbourhood& input : inputs) {
        RECOUP_ASSIGN(auto forecast, PredictOne(input));
        forecasts.push_back(std::move(forecast));
      }
      return forecasts;
    } catch (const std::exception& exception) {
      return TorchFailed(exception);
    }
  }

  std::string_view backend() const override { return "torch"; }

 private:
  // One loan at a time: in a joint batch the order of sums would depend on the other loans.
  Result<RecoveryForecast> PredictOne(const EncodedNeighbourhood& input) const {
    RECOUP_TRY(CheckInput(input, schema_, context_width_));
    if (input.seeds != 1) {
      return Error{ErrorCode::kInvalidArgument,
                   "input must hold one loan: " + std::to_string(input.seeds)};
    }
    const torch::NoGradGuard no_gradient;
    const torch::Tensor logits =
        network_.Forward(MakeBatch(input, schema_), std::nullopt).contiguous();
    return ForecastFromLogits(
        std::span<const float, kRecoveryCells>(logits.data_ptr<float>(), kRecoveryCells),
        calibration_);
  }

  RecoveryNetwork network_;
  FeatureSchema schema_;
  std::size_t context_width_;
  Calibration calibration_;
};

}  // namespace

Result<std::unique_ptr<Predictor>> MakeTorchPredictor(const ModelArtifact& artifact) {
  RECOUP_TRY(CheckNetwork(artifact.weights, artifact.schema));
  RECOUP_ASSIGN(const NetworkWidths widths, WidthsOf(artifact.weights));
  try {
    return std::unique_ptr<Predictor>(
        std::make_unique<TorchPredictor>(artifact, static_cast<std::size_t>(widths.context)));
  } catch (const std::exception& exception) {
    return TorchFailed(exception);
  }
}

}  // namespace recoup::model
