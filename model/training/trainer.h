// Training of the recovery network: the part of the plug-in that needs gradients.
#pragma once

#include <atomic>
#include <functional>

#include "graph/types/result.h"
#include "model/predictor/network_plugin.h"

namespace recoup::model {

/// As NetworkPlugin::Train.
Result<TrainedNetwork> TrainNetwork(const FeatureSchema& schema, const TrainingSet& training,
                                    const TrainingSet& validation, const TrainingOptions& options,
                                    const std::function<void(const TrainingProgress&)>& progress,
                                    const std::atomic<bool>* stop);

}  // namespace recoup::model
