// How a model gets from disk into a predictor; a struct of functions, so that tests can fail it.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/predictor/predictor.h"

namespace recoup::server {

/// What computes the network: `local-int8`, `local-int4` and `local-fp32`; `local`, the first of
/// these that the model has; `auto`, which is `local`; and `torch`, which needs the plug-in.
inline constexpr std::array<const char*, 6> kBackends = {"auto",       "local",      "local-fp32",
                                                         "local-int8", "local-int4", "torch"};

struct ModelLoader {
  /// Reads and checks a model directory.
  std::function<Result<model::ModelArtifact>(const std::filesystem::path&)> read;
  /// Makes the predictor of one of kBackends.
  std::function<Result<std::shared_ptr<const model::Predictor>>(const model::ModelArtifact&,
                                                                std::string_view backend)>
      make_predictor;
};

/// Reads from disk. Errors of make_predictor: kInvalidArgument (unknown backend),
/// kFailedPrecondition (`torch` is not installed, the model has no such form), kDataLoss (the
/// network is not whole).
ModelLoader DefaultModelLoader();

}  // namespace recoup::server
