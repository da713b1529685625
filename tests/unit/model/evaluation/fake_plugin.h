// A stand-in for the LibTorch plug-in: it learns the mean outcome of small and of large loans.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/artifact/network_layout.h"
#include "model/predictor/credibility.h"
#include "model/predictor/network_plugin.h"

namespace recoup::model::testing {

inline TensorMap Zeros(const std::map<std::string, std::vector<std::int64_t>>& shapes) {
  TensorMap weights;
  for (const auto& [name, shape] : shapes) {
    std::size_t count = 1;
    for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
    weights[name] = {shape, std::vector<float>(count, 0.0F)};
  }
  return weights;
}

/// Position of `size` among the numeric columns of loans: `noise` and `size`, two columns each.
inline constexpr std::size_t kSizeColumn = 2;

inline bool IsLarge(const EncodedNeighbourhood& input) {
  return input.Of(graph::NodeKind::kLoan).numeric[kSizeColumn] > 0.0F;
}

class FakePredictor final : public Predictor {
 public:
  explicit FakePredictor(std::vector<float> means) : means_(std::move(means)) {}

  Result<std::vector<RecoveryForecast>> Predict(
      std::span<const EncodedNeighbourhood> inputs) const override {
    std::vector<RecoveryForecast> forecasts;
    for (const EncodedNeighbourhood& input : inputs) {
      RecoveryDistribution::Masses masses{};
      masses.fill(0.2 / static_cast<double>(masses.size()));
      masses[RecoveryDistribution::CellOf(means_[IsLarge(input) ? 1 : 0])] += 0.8;
      RECOUP_ASSIGN(RecoveryForecast forecast, Wrap(masses));
      forecasts.push_back(forecast);
    }
    return forecasts;
  }

  std::string_view backend() const override { return "fake"; }

 private:
  static Result<RecoveryForecast> Wrap(const RecoveryDistribution::Masses& masses) {
    RECOUP_ASSIGN(const RecoveryDistribution distribution,
                  RecoveryDistribution::FromMasses(masses));
    return RecoveryForecast{.distribution = distribution, .lower = 0.1, .upper = 0.9};
  }

  std::vector<float> means_;
};

/// What one call of Train was given.
struct SeenTraining {
  std::size_t training = 0;
  std::size_t validation = 0;
  std::size_t relations = 0;   // over all training inputs
  std::size_t other_rows = 0;  // rows of nodes that are not loans
  std::uint64_t seed = 0;
  std::vector<EncodedNeighbourhood> last_inputs{};  // of at most five loans
};

class FakePlugin final : public NetworkPlugin {
 public:
  // The means stand in the last bias of a network that is whole and all zeros otherwise.
  Result<TrainedNetwork> Train(const FeatureSchema& schema, const TrainingSet& training,
                               const TrainingSet& validation, const TrainingOptions& options,
                               const std::function<void(const TrainingProgress&)>& progress,
                               const std::atomic<bool>* /*stop*/) const override {
    Record(training, validation, options.seed);
    std::array<float, 2> sums{};
    std::array<float, 2> counts{};
    for (std::size_t i = 0; i < training.inputs.size(); ++i) {
      const std::size_t group = IsLarge(training.inputs[i]) ? 1 : 0;
      sums[group] += static_cast<float>(training.recovery_rates[i]);
      counts[group] += 1.0F;
    }
    if (progress) progress({.epoch = 1, .batch = 1, .batches = 1});
    TrainedNetwork network;
    const auto context = static_cast<std::int64_t>(training.inputs.front().context.size());
    network.weights = Zeros(RequiredShapes(schema, {1, 1, context}));
    std::vector<float>& bias = network.weights.at(std::string(kHeadOutputBias)).values;
    bias[0] = sums[0] / counts[0];
    bias[1] = sums[1] / counts[1];
    network.best_epoch = network.epochs = 1;
    network.validation_loss = 0.5;
    return network;
  }

  // Learns nothing: all tensors are zeros, so the network corrects by 0.
  Result<TensorMap> TrainCredibility(const CredibilityTraining& training,
                                     const CredibilityOptions& options,
                                     const std::function<void(const TrainingProgress&)>& progress,
                                     const std::atomic<bool>* /*stop*/) const override {
    if (progress) progress({.epoch = 1, .batch = 1, .batches = 1});
    const CredibilitySizes sizes{
        .relations = static_cast<std::int64_t>(training.inputs->slots.relations),
        .heads = 1,
        .numeric_width = static_cast<std::int64_t>(training.rows->numeric_width),
        .category_sizes = training.rows->category_sizes,
        .context_width = static_cast<std::int64_t>(training.inputs->context_width),
        .hidden_width = 1};
    return Zeros(CredibilityShapes(options.variant, sizes));
  }

  Result<std::unique_ptr<Predictor>> MakePredictor(const ModelArtifact& artifact) const override {
    return std::unique_ptr<Predictor>(
        std::make_unique<FakePredictor>(artifact.weights.at(std::string(kHeadOutputBias)).values));
  }

  mutable std::vector<SeenTraining> seen;

 private:
  void Record(const TrainingSet& training, const TrainingSet& validation,
              std::uint64_t seed) const {
    SeenTraining call{
        .training = training.inputs.size(), .validation = validation.inputs.size(), .seed = seed};
    for (const EncodedNeighbourhood& input : training.inputs) {
      call.relations += input.relations.size();
      call.other_rows += input.Of(graph::NodeKind::kParty).rows;
    }
    const std::size_t kept = std::min<std::size_t>(5, training.inputs.size());
    const auto last = training.inputs.last(kept);
    call.last_inputs.assign(last.begin(), last.end());
    seen.push_back(call);
  }
};

}  // namespace recoup::model::testing
