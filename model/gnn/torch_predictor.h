// LibTorch's own forward pass behind the predictor's seam: a cross-check on the local one.
#pragma once

#include <memory>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/predictor/predictor.h"

namespace recoup::model {

/// Errors: kDataLoss (the network is not whole), kInternal (LibTorch failed; carries its message).
Result<std::unique_ptr<Predictor>> MakeTorchPredictor(const ModelArtifact& artifact);

}  // namespace recoup::model
