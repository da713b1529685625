#include "model/runtime/layerwise_network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "model/predictor/forecast_from_logits.h"
#include "model/runtime/kernels/quantized_rows.h"
#include "model/runtime/layerwise_float.h"
#include "model/runtime/layerwise_pass.h"
#include "model/runtime/layerwise_quantized.h"

namespace recoup::model {
namespace {

template <typename Layers>
class LayerwiseStates final : public PortfolioStates {
 public:
  LayerwiseStates(const Layers& layers, const Calibration& calibration, AlignedVector<float> head)
      : layers_(layers), calibration_(calibration), head_(std::move(head)) {}

  Result<RecoveryForecast> Forecast(std::size_t seed,
                                    std::span<const float> context) const override {
    const bool fits = context.size() == layers_.context_width() &&
                      std::all_of(context.begin(), context.end(),
                                  [](float value) { return std::isfinite(value); });
    if (!fits) {
      return Error{ErrorCode::kInvalidArgument,
                   "context does not fit the model: width " + std::to_string(context.size())};
    }
    std::array<float, kRecoveryCells> logits{};
    layers_.Head(head_.data() + seed * layers_.head_width(), context, logits);
    return ForecastFromLogits(logits, calibration_);
  }

 private:
  const Layers& layers_;
  const Calibration& calibration_;
  AlignedVector<float> head_;
};

Result<void> CheckChildren(const PortfolioGraph& graph) {
  for (const PortfolioEdges& edges : graph.relations) {
    for (std::size_t p = 0; p + 1 < edges.offsets.size(); ++p) {
      if (edges.offsets[p + 1] - edges.offsets[p] <= kMostChildren) continue;
      return Error{ErrorCode::kInvalidArgument,
                   "more neighbours of one relation than can be summed"};
    }
  }
  return {};
}

template <typename Network, typename Layers>
class LayerwiseNetwork final : public PortfolioNetwork {
 public:
  LayerwiseNetwork(Network network, const Calibration& calibration)
      : network_(std::move(network)), calibration_(calibration) {}

  Result<std::unique_ptr<PortfolioStates>> Run(const PortfolioGraph& graph,
                                               const Workers& workers) const override {
    RECOUP_TRY(CheckChildren(graph));
    RECOUP_ASSIGN(AlignedVector<float> head, LayerwisePass<Layers>(layers_, graph, workers).Run());
    return std::unique_ptr<PortfolioStates>(
        std::make_unique<LayerwiseStates<Layers>>(layers_, calibration_, std::move(head)));
  }

 private:
  Network network_;
  Layers layers_{network_};
  Calibration calibration_;
};

std::unique_ptr<PortfolioNetwork> Quantized(const QuantizedNetwork& network,
                                            const Calibration& calibration) {
  return std::make_unique<LayerwiseNetwork<PackedQuantizedNetwork, QuantizedLayers>>(
      PackedQuantizedNetwork(network), calibration);
}

}  // namespace

Result<std::unique_ptr<PortfolioNetwork>> MakePortfolioNetwork(const ModelArtifact& artifact,
                                                               std::string_view backend) {
  if (backend == "local-int8" && artifact.int8) {
    return Quantized(*artifact.int8, artifact.calibration);
  }
  if (backend == "local-int4" && artifact.int4) {
    return Quantized(*artifact.int4, artifact.calibration);
  }
  if (backend != "local-fp32") return std::unique_ptr<PortfolioNetwork>();
  RECOUP_ASSIGN(PackedNetwork network, PackedNetwork::Pack(artifact.weights, artifact.schema));
  return std::unique_ptr<PortfolioNetwork>(
      std::make_unique<LayerwiseNetwork<PackedNetwork, FloatLayers>>(std::move(network),
                                                                     artifact.calibration));
}

}  // namespace recoup::model
