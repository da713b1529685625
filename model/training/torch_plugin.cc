// The entry of librecoup_torch.so.

#include "model/gnn/torch_predictor.h"
#include "model/predictor/plugin_library.h"
#include "model/training/credibility_trainer.h"
#include "model/training/trainer.h"

namespace recoup::model {
namespace {

class TorchPlugin final : public NetworkPlugin {
 public:
  Result<TrainedNetwork> Train(const FeatureSchema& schema, const TrainingSet& training,
                               const TrainingSet& validation, const TrainingOptions& options,
                               const std::function<void(const TrainingProgress&)>& progress,
                               const std::atomic<bool>* stop) const override {
    return TrainNetwork(schema, training, validation, options, progress, stop);
  }

  Result<TensorMap> TrainCredibility(const CredibilityTraining& training,
                                     const CredibilityOptions& options,
                                     const std::function<void(const TrainingProgress&)>& progress,
                                     const std::atomic<bool>* stop) const override {
    return TrainCredibilityNetwork(training, options, progress, stop);
  }

  Result<std::unique_ptr<Predictor>> MakePredictor(const ModelArtifact& artifact) const override {
    return MakeTorchPredictor(artifact);
  }
};

}  // namespace
}  // namespace recoup::model

extern "C" const recoup::model::NetworkPlugin* recoup_network_plugin(std::uint32_t host_abi) {
  static const recoup::model::TorchPlugin plugin;
  return host_abi == recoup::model::kPluginAbi ? &plugin : nullptr;
}
