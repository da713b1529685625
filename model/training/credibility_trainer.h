// Training of the residual credibility network.
#pragma once

#include <atomic>
#include <functional>

#include "graph/types/result.h"
#include "model/predictor/network_plugin.h"

namespace recoup::model {

/// As NetworkPlugin::TrainCredibility.
Result<TensorMap> TrainCredibilityNetwork(
    const CredibilityTraining& training, const CredibilityOptions& options,
    const std::function<void(const TrainingProgress&)>& progress, const std::atomic<bool>* stop);

}  // namespace recoup::model
