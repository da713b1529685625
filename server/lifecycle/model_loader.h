// How a model gets from disk into a predictor; a struct of functions, so that tests can fail it.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/predictor/predictor.h"

namespace recoup::server {

struct ModelLoader {
  /// Reads and checks a model directory.
  std::function<Result<model::ModelArtifact>(const std::filesystem::path&)> read;
  /// Makes the predictor of a backend, as DefaultModelLoader names them.
  std::function<Result<std::shared_ptr<const model::Predictor>>(const model::ModelArtifact&,
                                                                std::string_view backend)>
      make_predictor;
};

/// Reads from disk. Backends: `local-int8`, `local-int4` and `local-fp32`; `local`, the first of
/// them that the model has; `auto`, which is `local`; and `torch`, which needs the plug-in. Errors
/// of make_predictor: kInvalidArgument (unknown backend), kFailedPrecondition (`torch` is not
/// installed, the model has no such form), kDataLoss (the network is not whole).
ModelLoader DefaultModelLoader();

}  // namespace recoup::server
