// What librecoup_torch.so offers: training, and LibTorch's own forward pass. No LibTorch type
// appears here, so that everything else builds and runs without it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/artifact/tensor.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/features/feature_schema.h"
#include "model/predictor/credibility.h"
#include "model/predictor/predictor.h"

namespace recoup::model {

/// Inputs and the recovery rates that came out.
/// Shape: inputs[n] (one loan each), recovery_rates[n] in [0, 1].
struct TrainingSet {
  std::span<const EncodedNeighbourhood> inputs;
  std::span<const double> recovery_rates;
};

struct TrainingOptions {
  std::int64_t hidden_width = 32;
  std::int64_t head_width = 64;
  std::int64_t batch_size = 256;
  std::int64_t max_epochs = 30;
  /// Stop after this many epochs without a better validation loss.
  std::int64_t patience = 4;
  double learning_rate = 2e-3;
  double weight_decay = 1e-4;
  double dropout = 0.1;
  /// Share of edges left out at random in each training step.
  double edge_dropout = 0.2;
  std::uint64_t seed = 1;
  /// Part of the result: sums run in another order with another number of threads.
  int threads = 2;
};

struct TrainingProgress {
  std::int64_t epoch = 0;  // from 1
  std::int64_t batch = 0;  // from 1
  std::int64_t batches = 0;
  double training_loss = 0.0;    // mean so far in this epoch
  double validation_loss = 0.0;  // of the last finished epoch; 0 before
  double best_validation_loss = 0.0;
};

struct TrainedNetwork {
  TensorMap weights;  // of the best epoch
  std::int64_t best_epoch = 0;
  std::int64_t epochs = 0;
  double validation_loss = 0.0;  // mean cross entropy, of the best epoch
  bool interrupted = false;      // stopped by `stop`; the weights are usable
};

/// The plug-in's face.
/// Threads: one call at a time. Lifetime: the library stays loaded until the process ends.
class NetworkPlugin {
 public:
  virtual ~NetworkPlugin() = default;

  /// Trains the network of model/artifact/network_layout.h by cross entropy on smoothed targets,
  /// with early stopping. The same inputs, options and machine give the same bytes.
  /// Errors: kInvalidArgument (sets are empty or disagree), kCancelled (stopped before the first
  /// epoch ended), kInternal (LibTorch failed; carries its message).
  virtual Result<TrainedNetwork> Train(const FeatureSchema& schema, const TrainingSet& training,
                                       const TrainingSet& validation,
                                       const TrainingOptions& options,
                                       const std::function<void(const TrainingProgress&)>& progress,
                                       const std::atomic<bool>* stop) const = 0;

  /// Trains the residual credibility network (model/predictor/credibility.h) by mean squared error
  /// for a fixed number of epochs. The same inputs, options and machine give the same bytes.
  /// Errors: kInvalidArgument (shapes disagree), kCancelled (stopped before the end), kInternal.
  virtual Result<TensorMap> TrainCredibility(
      const CredibilityTraining& training, const CredibilityOptions& options,
      const std::function<void(const TrainingProgress&)>& progress,
      const std::atomic<bool>* stop) const = 0;

  /// Returns a predictor that runs this model in LibTorch.
  virtual Result<std::unique_ptr<Predictor>> MakePredictor(const ModelArtifact& artifact) const = 0;
};

/// Loads librecoup_torch.so from beside the program's lib directory, or from the directory in the
/// environment variable RECOUP_PLUGIN_DIR.
/// Errors: kFailedPrecondition (the plug-in or LibTorch is not installed; says which package to
/// install).
Result<const NetworkPlugin*> LoadNetworkPlugin();

}  // namespace recoup::model
