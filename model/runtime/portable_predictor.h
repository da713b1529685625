// The network without LibTorch, in plain C++ and fp32: the reference for the quantized ones.
#pragma once

#include <memory>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/predictor/predictor.h"

namespace recoup::model {

/// Returns a predictor that runs the forward pass of model/artifact/network_layout.h. Sums run in
/// a fixed order, so the same input gives the same bytes in any batch, thread and process.
/// Errors: kDataLoss (the network is not whole).
Result<std::unique_ptr<Predictor>> MakePortablePredictor(const ModelArtifact& artifact);

}  // namespace recoup::model
