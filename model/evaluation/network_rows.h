// The rows of a comparison that are about the network.
#pragma once

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/evaluation/comparison.h"
#include "model/evaluation/evaluate.h"
#include "model/evaluation/prepared_data.h"
#include "model/learning/observer.h"

namespace recoup::model {

/// Everything that the rows are made from.
/// Lifetime: what is referred to must outlive it.
struct NetworkTask {
  const graph::GraphStore& store;
  const PreparedData& data;
  const NetworkSource& network;
  const EvaluateOptions& options;
};

/// Adds network, network without edges, and network with shuffled edges, or says why not.
/// Errors: kInvalidArgument (an artifact without a predictor), those of encoding and of the
/// plug-in; kCancelled.
Result<void> AddNetworkRows(const NetworkTask& task, const Observer& observer,
                            Comparison& comparison);

}  // namespace recoup::model
