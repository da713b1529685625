#include "model/evaluation/train_model.h"

#include <memory>
#include <utility>
#include <vector>

#include "model/evaluation/conformal.h"
#include "model/evaluation/model_card.h"
#include "model/evaluation/network_run.h"

namespace recoup::model {
namespace {

Result<RowFigures> FiguresOn(std::span<const RecoveryDistribution> distributions,
                             std::span<const double> outcomes, const Calibration& calibration) {
  RECOUP_ASSIGN(const ModelPredictions predictions,
                PredictionsFromDistributions(distributions, calibration));
  return MeasureFigures(outcomes, predictions);
}

}  // namespace

Result<ModelArtifact> TrainModel(const graph::GraphStore& store, const NetworkPlugin& plugin,
                                 const TrainModelOptions& options, const Observer& observer) {
  if (options.version.empty()) {
    return Error{ErrorCode::kInvalidArgument, "a model needs a version"};
  }
  RECOUP_ASSIGN(const PreparedData data, PrepareData(store, options.split, options.fit, observer));
  RECOUP_ASSIGN(
      const EncodedSplit encoded,
      EncodeSplit(store, data, {.sampling = options.fit.sampling, .threads = options.threads},
                  observer));
  RECOUP_ASSIGN(NetworkMember member,
                TrainMember(plugin, data, encoded, options.training, observer));
  // From here on a stop no longer throws the trained weights away.
  ModelArtifact artifact = std::move(member.artifact);
  artifact.version = options.version;
  artifact.sampling = options.fit.sampling;
  RECOUP_ASSIGN(const std::unique_ptr<Predictor> predictor, plugin.MakePredictor(artifact));
  observer.Report("calibrating");
  RECOUP_ASSIGN(const std::vector<RecoveryDistribution> validation,
                DistributionsOf(*predictor, encoded.validation));
  artifact.calibration = CalibrateIntervals(validation, data.outcomes.validation);
  observer.Report("measuring on test");
  RECOUP_ASSIGN(const std::vector<RecoveryDistribution> test,
                DistributionsOf(*predictor, encoded.test));
  CardFigures figures;
  RECOUP_ASSIGN(figures.validation,
                FiguresOn(validation, data.outcomes.validation, artifact.calibration));
  RECOUP_ASSIGN(figures.test, FiguresOn(test, data.outcomes.test, artifact.calibration));
  artifact.card_json = ModelCard(artifact, data, options, member.training, figures);
  return artifact;
}

}  // namespace recoup::model
