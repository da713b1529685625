// The network in 8 or 4 bits behind the predictor's seam: what serves by default.
#pragma once

#include <memory>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/predictor/predictor.h"

namespace recoup::model {

/// Returns a predictor that computes with the artifact's network in `bits`; the same bytes on every
/// machine. Lifetime: keeps what it needs of `artifact`.
/// Errors: kFailedPrecondition (the model has no such form; says how to make it).
Result<std::unique_ptr<Predictor>> MakeQuantizedPredictor(const ModelArtifact& artifact, int bits);

}  // namespace recoup::model
