#include "server/lifecycle/model_loader.h"

#include <string>
#include <utility>

#include "model/predictor/network_plugin.h"
#include "model/runtime/ensemble_predictor.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_predictor.h"

namespace recoup::server {
namespace {

using PredictorResult = Result<std::shared_ptr<const model::Predictor>>;

PredictorResult Share(Result<std::unique_ptr<model::Predictor>> made) {
  if (!made) return made.error();
  return std::shared_ptr<const model::Predictor>(std::move(made).value());
}

Result<std::unique_ptr<model::Predictor>> MakeNetwork(const model::ModelArtifact& artifact,
                                                      std::string_view backend) {
  if (backend == "auto" || backend == "local") {
    if (artifact.int8) return model::MakeQuantizedPredictor(artifact, 8);
    if (artifact.int4) return model::MakeQuantizedPredictor(artifact, 4);
    return model::MakePortablePredictor(artifact);
  }
  if (backend == "local-int8") return model::MakeQuantizedPredictor(artifact, 8);
  if (backend == "local-int4") return model::MakeQuantizedPredictor(artifact, 4);
  if (backend == "local-fp32") return model::MakePortablePredictor(artifact);
  if (backend == "torch") {
    RECOUP_ASSIGN(const model::NetworkPlugin* plugin, model::LoadNetworkPlugin());
    return plugin->MakePredictor(artifact);
  }
  std::string known;
  for (const char* name : kBackends) known += (known.empty() ? "" : ", ") + std::string(name);
  return Error{ErrorCode::kInvalidArgument,
               "unknown backend; known are " + known + ": " + std::string(backend)};
}

PredictorResult MakePredictor(const model::ModelArtifact& artifact, std::string_view backend) {
  Result<std::unique_ptr<model::Predictor>> network = MakeNetwork(artifact, backend);
  if (!network || !artifact.ensemble) return Share(std::move(network));
  return Share(model::MakeEnsemblePredictor(artifact, std::move(network).value()));
}

}  // namespace

ModelLoader DefaultModelLoader() { return {&model::ReadArtifact, &MakePredictor}; }

}  // namespace recoup::server
