// Training the network for a comparison: with its edges, without them, and with other loans' edges.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/sampling/neighbourhood.h"
#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/evaluation/model_predictions.h"
#include "model/evaluation/prepared_data.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/learning/learnt_ensemble.h"
#include "model/learning/observer.h"
#include "model/predictor/network_plugin.h"

namespace recoup::model {

enum class EdgeUse {
  kReal,
  kShuffled,  // ShuffledSurroundings within each part
};

struct EncodingOptions {
  graph::SamplingOptions sampling{};
  int threads = 2;
  EdgeUse edges = EdgeUse::kReal;
  std::uint64_t shuffle_seed = 1;
};

struct EncodedSplit {
  std::vector<EncodedNeighbourhood> training;
  std::vector<EncodedNeighbourhood> validation;
  std::vector<EncodedNeighbourhood> test;
};

/// Errors: those of EncodeExamples; kCancelled.
Result<EncodedSplit> EncodeSplit(const graph::GraphStore& store, const PreparedData& data,
                                 const EncodingOptions& options, const Observer& observer);

/// Takes every input's surroundings away (WithoutSurroundings).
EncodedSplit WithoutSurroundings(const EncodedSplit& encoded);

/// A trained network, ready to be used, without a calibration or a card.
struct NetworkMember {
  ModelArtifact artifact;
  TrainedNetwork training;
};

/// Trains one network on the training part, stopping early by validation.
/// Errors: those of NetworkPlugin::Train.
Result<NetworkMember> TrainMember(const NetworkPlugin& plugin, const PreparedData& data,
                                  const EncodedSplit& encoded, const TrainingOptions& options,
                                  const Observer& observer);

/// Returns the distributions of a predictor's forecasts.
Result<std::vector<RecoveryDistribution>> DistributionsOf(
    const Predictor& predictor, std::span<const EncodedNeighbourhood> inputs);

/// Gives every input the context of its loan, a position in the learnt book.
/// Shape: both have one entry a loan.
void AttachContext(const LearntEnsemble& learnt, std::span<const std::uint32_t> loans,
                   std::vector<EncodedNeighbourhood>& inputs);

/// What networks forecast for both parts that they did not learn from.
struct SplitDistributions {
  std::vector<RecoveryDistribution> validation;
  std::vector<RecoveryDistribution> test;
};

/// Trains `seeds` networks (options.seed, options.seed + 1, ...) and averages their distributions.
/// Errors: kInvalidArgument (no seeds), and those of the plug-in.
Result<SplitDistributions> ForecastDistributions(const NetworkPlugin& plugin,
                                                 const PreparedData& data,
                                                 const EncodedSplit& encoded,
                                                 const TrainingOptions& options, int seeds,
                                                 const Observer& observer);

/// As ForecastDistributions, and calibrates the average on validation.
/// Errors: kInvalidArgument (no seeds), and those of the plug-in.
Result<ModelPredictions> PredictWithNetworks(const NetworkPlugin& plugin, const PreparedData& data,
                                             const EncodedSplit& encoded,
                                             const TrainingOptions& options, int seeds,
                                             const Observer& observer);

}  // namespace recoup::model
