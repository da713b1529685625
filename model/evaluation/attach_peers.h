// What resolved peers say of many loans, each as of its own day, as serving asks them.
#pragma once

#include <span>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/features/encoder.h"

namespace recoup::model {

/// Adds `peers` and `context` to the inputs, which are the examples encoded in order. Does nothing
/// for a model without an ensemble.
/// Errors: kDataLoss, kNotFound (a view does not show its loan).
Result<void> AttachPeers(const graph::GraphStore& store, const ModelArtifact& artifact,
                         std::span<const Example> examples,
                         std::vector<EncodedNeighbourhood>& inputs);

}  // namespace recoup::model
