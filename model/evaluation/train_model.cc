#include "model/evaluation/train_model.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "model/evaluation/conformal.h"
#include "model/evaluation/ensemble_predictions.h"
#include "model/evaluation/ensemble_rows.h"
#include "model/evaluation/model_card.h"
#include "model/evaluation/network_run.h"
#include "model/learning/ledger.h"

namespace recoup::model {
namespace {

Result<RowFigures> FiguresOn(std::span<const RecoveryDistribution> distributions,
                             std::span<const double> outcomes, const Calibration& calibration) {
  RECOUP_ASSIGN(const ModelPredictions predictions,
                PredictionsFromDistributions(distributions, calibration));
  return MeasureFigures(outcomes, predictions);
}

// The network takes the loan's own features from the ensemble: both read one row.
FeatureSchema WithLoansOf(const FeatureSchema& schema, const FeatureSchema& loans) {
  std::vector<KindFeatures> kinds(schema.kinds().begin(), schema.kinds().end());
  for (KindFeatures& kind : kinds) {
    if (kind.kind == graph::NodeKind::kLoan) kind = loans.Of(graph::NodeKind::kLoan);
  }
  return {std::move(kinds), schema.prior_recovery_rate()};
}

class Training {
 public:
  Training(const graph::GraphStore& store, const NetworkPlugin& plugin,
           const TrainModelOptions& options, const Observer& observer)
      : store_(store), plugin_(plugin), options_(options), observer_(observer) {}

  Result<TrainedModel> Run() {
    RECOUP_ASSIGN(data_, PrepareData(store_, options_.split, options_.fit, observer_));
    if (!options_.network_only) RECOUP_TRY(LearnEnsemble());
    RECOUP_ASSIGN(EncodedSplit encoded,
                  EncodeSplit(store_, data_,
                              {.sampling = options_.fit.sampling, .threads = options_.threads},
                              observer_));
    if (learnt_) {
      AttachContext(*learnt_, PositionsIn(book_, data_.training), encoded.training);
      AttachContext(*learnt_, PositionsIn(book_, data_.validation), encoded.validation);
      AttachContext(*learnt_, PositionsIn(book_, data_.test), encoded.test);
    }
    RECOUP_ASSIGN(NetworkMember member,
                  TrainMember(plugin_, data_, encoded, options_.training, observer_));
    // From here on a stop no longer throws the trained weights away.
    TrainedModel model{std::move(member.artifact), {}};
    model.artifact.version = options_.version;
    model.artifact.sampling = options_.fit.sampling;
    RECOUP_ASSIGN(const std::unique_ptr<Predictor> predictor,
                  plugin_.MakePredictor(model.artifact));
    observer_.Report("calibrating");
    RECOUP_ASSIGN(const std::vector<RecoveryDistribution> validation,
                  DistributionsOf(*predictor, encoded.validation));
    RECOUP_ASSIGN(const std::vector<RecoveryDistribution> test,
                  DistributionsOf(*predictor, encoded.test));
    model.artifact.calibration = CalibrateIntervals(validation, data_.outcomes.validation);
    observer_.Report("measuring on test");
    CardFigures figures;
    figures.learning = member.training;
    if (learnt_) {
      RECOUP_TRY(AddEnsemble(validation, test, &model.artifact, &figures));
      model.ledger = LedgerEntries(*learnt_, options_.version);
    } else {
      figures.no_ensemble_because = no_ensemble_because_;
      RECOUP_ASSIGN(figures.validation, FiguresOn(validation, data_.outcomes.validation,
                                                  model.artifact.calibration));
      RECOUP_ASSIGN(figures.test,
                    FiguresOn(test, data_.outcomes.test, model.artifact.calibration));
    }
    model.artifact.card_json = ModelCard(model.artifact, data_, options_, figures);
    return model;
  }

 private:
  Result<void> LearnEnsemble() {
    RECOUP_TRY(observer_.Enter("reading resolved loans"));
    RECOUP_ASSIGN(book_, ReadLoanBook(store_, data_.example_options()));
    LearnOptions options{.ensemble = options_.ensemble,
                         .credibility = options_.credibility,
                         .use_ledger = true};
    options.ensemble.fit = options_.fit;
    KeepApart(data_, book_, &options);
    Result<LearntEnsemble> learnt =
        LearntEnsemble::Learn(book_, LearnBefore(data_), options, &plugin_, observer_);
    if (learnt) {
      learnt_.emplace(std::move(learnt).value());
      data_.schema = WithLoansOf(data_.schema, learnt_->fitted().schema);
    } else if (learnt.error().code != ErrorCode::kInvalidArgument) {
      return learnt.error();
    } else {
      no_ensemble_because_ = learnt.error().message;
    }
    return {};
  }

  Result<void> AddEnsemble(std::span<const RecoveryDistribution> validation,
                           std::span<const RecoveryDistribution> test, ModelArtifact* artifact,
                           CardFigures* figures) {
    Ensemble ensemble = learnt_->ensemble();
    RECOUP_ASSIGN(const auto of_validation, learnt_->Forecast(PositionsIn(book_, data_.validation)));
    RECOUP_ASSIGN(const auto of_test, learnt_->Forecast(PositionsIn(book_, data_.test)));
    const auto tilted = TiltAll(validation, MeansOf(ensemble, of_validation));
    ensemble.calibration = CalibrateRolling(ScoresOf(tilted, data_.validation));
    RECOUP_ASSIGN(const ModelPredictions on_validation,
                  PredictRolling(tilted, data_.validation, ensemble.calibration));
    RECOUP_ASSIGN(const ModelPredictions on_test,
                  PredictRolling(TiltAll(test, MeansOf(ensemble, of_test)), data_.test,
                                 ensemble.calibration));
    figures->validation = MeasureFigures(data_.outcomes.validation, on_validation);
    figures->test = MeasureFigures(data_.outcomes.test, on_test);
    figures->members = SharesOfMembers(ensemble, of_test, data_.outcomes.test);
    artifact->ensemble = std::move(ensemble);
    return {};
  }

  const graph::GraphStore& store_;
  const NetworkPlugin& plugin_;
  const TrainModelOptions& options_;
  const Observer& observer_;
  PreparedData data_;
  LoanBook book_;
  std::optional<LearntEnsemble> learnt_;
  std::string no_ensemble_because_;
};

}  // namespace

Result<TrainedModel> TrainModel(const graph::GraphStore& store, const NetworkPlugin& plugin,
                                const TrainModelOptions& options, const Observer& observer) {
  if (options.version.empty()) {
    return Error{ErrorCode::kInvalidArgument, "a model needs a version"};
  }
  return Training(store, plugin, options, observer).Run();
}

}  // namespace recoup::model
