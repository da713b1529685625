// A stand-in for the LibTorch plug-in: it remembers what it was asked to learn from, and makes
// networks of random weights that have an opinion on everything.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "model/predictor/network_plugin.h"

namespace recoup::model::testing {

/// Weights that CheckCredibility accepts, the same for a seed.
inline TensorMap RandomCredibilityWeights(CredibilityVariant variant, const CredibilitySizes& sizes,
                                          std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal(0.0F, 0.3F);
  TensorMap weights;
  for (const auto& [name, shape] : CredibilityShapes(variant, sizes)) {
    std::size_t count = 1;
    for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
    std::vector<float> values(count);
    for (float& value : values) value = normal(random);
    weights[name] = {shape, std::move(values)};
  }
  return weights;
}

class RandomPlugin final : public NetworkPlugin {
 public:
  struct Seen {
    LoanRows rows;
    CredibilityInputs inputs;
    std::vector<double> targets;
    CredibilityOptions options;
  };

  Result<TrainedNetwork> Train(const FeatureSchema& /*schema*/, const TrainingSet& /*training*/,
                               const TrainingSet& /*validation*/,
                               const TrainingOptions& /*options*/,
                               const std::function<void(const TrainingProgress&)>& /*progress*/,
                               const std::atomic<bool>* /*stop*/) const override {
    return Error{ErrorCode::kInternal, "this stand-in trains no graph network"};
  }

  Result<TensorMap> TrainCredibility(
      const CredibilityTraining& training, const CredibilityOptions& options,
      const std::function<void(const TrainingProgress&)>& /*progress*/,
      const std::atomic<bool>* /*stop*/) const override {
    seen.push_back({*training.rows,
                    *training.inputs,
                    {training.targets.begin(), training.targets.end()},
                    options});
    const CredibilitySizes sizes{
        .relations = static_cast<std::int64_t>(training.inputs->slots.relations),
        .heads = 2,
        .numeric_width = static_cast<std::int64_t>(training.rows->numeric_width),
        .category_sizes = training.rows->category_sizes,
        .context_width = static_cast<std::int64_t>(training.inputs->context_width),
        .hidden_width = 4};
    return RandomCredibilityWeights(options.variant, sizes, options.seed);
  }

  Result<std::unique_ptr<Predictor>> MakePredictor(
      const ModelArtifact& /*artifact*/) const override {
    return Error{ErrorCode::kInternal, "this stand-in has no predictor"};
  }

  mutable std::vector<Seen> seen;
};

}  // namespace recoup::model::testing
