#include "model/evaluation/train_model.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "model/evaluation/conformal.h"
#include "model/evaluation/ensemble_predictions.h"
#include "model/evaluation/evenly_spaced.h"
#include "model/evaluation/learning_part.h"
#include "model/evaluation/member_shares.h"
#include "model/evaluation/model_card.h"
#include "model/evaluation/network_run.h"
#include "model/evaluation/quantization_report.h"
#include "model/learning/ledger.h"
#include "model/quantization/quantize_artifact.h"
#include "model/runtime/rolling_calibration.h"

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
    SplitOptions split = options_.split;
    if (options_.learn_all && split.kind == SplitKind::kByDate && !split.dates) {
      RECOUP_ASSIGN(const CollectedExamples collected, CollectExamples(store_));
      RECOUP_ASSIGN(const DateSplit last, DateSplitOfLastYear(collected.examples));
      // Outcomes of one day have no last year, and are split at random.
      if (SplitByDate(collected.examples, last).has_value()) split.dates = last;
    }
    RECOUP_ASSIGN(data_, PrepareData(store_, split, options_.fit, observer_));
    if (!options_.network_only) RECOUP_TRY(LearnEnsemble());
    RECOUP_ASSIGN(const EncodedSplit encoded, EncodeParts());
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
    } else {
      figures.no_ensemble_because = no_ensemble_because_;
      RECOUP_ASSIGN(figures.validation,
                    FiguresOn(validation, data_.outcomes.validation, model.artifact.calibration));
      RECOUP_ASSIGN(figures.test, FiguresOn(test, data_.outcomes.test, model.artifact.calibration));
    }
    RECOUP_TRY(RoundNetwork(encoded, &model.artifact, &figures));
    const bool stopped = member.training.interrupted;
    if (options_.learn_all && !stopped) RECOUP_TRY(LearnAll(&model.artifact, &figures));
    if (learnt_) figures.tree_depth = learnt_->depth();
    if (learnt_) model.ledger = LedgerEntries(*learnt_, options_.version, forecasts_);
    model.artifact.card_json = ModelCard(model.artifact, data_, options_, figures);
    return model;
  }

 private:
  Result<void> LearnEnsemble() {
    RECOUP_TRY(observer_.Enter("reading resolved loans"));
    RECOUP_ASSIGN(book_, ReadLoanBook(store_, data_.example_options()));
    LearnOptions options = OptionsToLearn();
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

  LearnOptions OptionsToLearn() const {
    LearnOptions options{
        .ensemble = options_.ensemble, .credibility = options_.credibility, .use_ledger = true};
    options.ensemble.fit = options_.fit;
    return options;
  }

  Result<EncodedSplit> EncodeParts() {
    RECOUP_ASSIGN(
        EncodedSplit encoded,
        EncodeSplit(store_, data_, {.sampling = options_.fit.sampling, .threads = options_.threads},
                    observer_));
    if (!learnt_) return encoded;
    AttachContext(*learnt_, PositionsIn(book_, data_.training), encoded.training);
    AttachContext(*learnt_, PositionsIn(book_, data_.validation), encoded.validation);
    AttachContext(*learnt_, PositionsIn(book_, data_.test), encoded.test);
    return encoded;
  }

  Result<void> AddEnsemble(std::span<const RecoveryDistribution> validation,
                           std::span<const RecoveryDistribution> test, ModelArtifact* artifact,
                           CardFigures* figures) {
    Ensemble ensemble = learnt_->ensemble();
    const std::vector<std::uint32_t> validation_loans = PositionsIn(book_, data_.validation);
    const std::vector<std::uint32_t> test_loans = PositionsIn(book_, data_.test);
    RECOUP_ASSIGN(const auto of_validation, learnt_->Forecast(validation_loans));
    RECOUP_ASSIGN(const auto of_test, learnt_->Forecast(test_loans));
    const std::vector<double> members_on_validation = MeansOf(ensemble, of_validation);
    const std::vector<double> seen = MeansOfAll(validation);
    ensemble.network_weight = ShareOfSecond(data_.outcomes.validation, members_on_validation, seen);
    const auto on_validation =
        TiltAll(validation, Blend(members_on_validation, seen, ensemble.network_weight));
    const auto on_test =
        TiltAll(test, Blend(MeansOf(ensemble, of_test), MeansOfAll(test), ensemble.network_weight));
    ensemble.calibration = CalibrateRolling(ScoresOf(on_validation, data_.validation));
    RECOUP_ASSIGN(const ModelPredictions validated,
                  PredictRolling(on_validation, data_.validation, ensemble.calibration));
    RECOUP_ASSIGN(const ModelPredictions tested,
                  PredictRolling(on_test, data_.test, ensemble.calibration));
    figures->validation = MeasureFigures(data_.outcomes.validation, validated);
    figures->test = MeasureFigures(data_.outcomes.test, tested);
    figures->members = SharesOfMembers(ensemble, of_test, data_.outcomes.test);
    for (std::size_t i = 0; i < test_loans.size(); ++i) {
      forecasts_[test_loans[i]] = ForLedger(on_test[i], ensemble.calibration.coverage);
    }
    test_scores_ = ScoresOf(on_test, data_.test);
    artifact->ensemble = std::move(ensemble);
    return {};
  }

  // Refits everything on all outcomes. What was measured stays on the card, and the calibration
  // goes on from it: those forecasts were made before their outcomes.
  Result<void> LearnAll(ModelArtifact* artifact, CardFigures* figures) {
    std::vector<ConformityScore> scores;
    if (artifact->ensemble) scores = artifact->ensemble->calibration.scores;
    scores.insert(scores.end(), test_scores_.begin(), test_scores_.end());
    std::stable_sort(scores.begin(), scores.end(),
                     [](const auto& a, const auto& b) { return a.known_at < b.known_at; });
    RECOUP_ASSIGN(CollectedExamples all, CollectExamples(store_));
    const Date judged_from = LearnBefore(data_);
    data_.training = std::move(all.examples);
    data_.outcomes.training = RecoveryRates(data_.training);
    data_.left_out = 0;
    data_.dates.reset();
    data_.split_description =
        "learnt from every outcome known; the figures are of the same fit on what was known "
        "before " +
        judged_from.ToString() + ", on the outcomes since";
    RECOUP_TRY(observer_.Enter("fitting features on everything"));
    RECOUP_ASSIGN(data_.schema, FitFeatureSchema(store_, data_.training, options_.fit));
    if (learnt_) {
      const Date end = data_.training.back().outcome_known_at.PlusDays(1);
      RECOUP_ASSIGN(LearntEnsemble learnt,
                    LearntEnsemble::Learn(book_, end, OptionsToLearn(), &plugin_, observer_));
      learnt_.emplace(std::move(learnt));
      data_.schema = WithLoansOf(data_.schema, learnt_->fitted().schema);
    }
    RECOUP_ASSIGN(const EncodedSplit encoded, EncodeParts());
    // As many epochs as were best before: there is nothing left to stop by.
    TrainingOptions training = options_.training;
    training.max_epochs = std::max<std::int64_t>(figures->learning.best_epoch, 1);
    training.patience = training.max_epochs;
    RECOUP_ASSIGN(NetworkMember member, TrainMember(plugin_, data_, encoded, training, observer_));
    artifact->weights = std::move(member.artifact.weights);
    artifact->schema = data_.schema;
    figures->learning = member.training;
    if (learnt_) {
      const double share = artifact->ensemble->network_weight;
      artifact->ensemble = learnt_->ensemble();
      artifact->ensemble->network_weight = share;
      artifact->ensemble->calibration = CalibrateRolling(std::move(scores));
    }
    return RoundNetwork(encoded, artifact, figures);
  }

  // Adds the network in 8 bits, which then serves, unless that changes forecasts too much.
  Result<void> RoundNetwork(const EncodedSplit& encoded, ModelArtifact* artifact,
                            CardFigures* figures) {
    observer_.Report("rounding the network to 8 bits");
    // More loans would show nothing new, and each is run through both forms.
    RECOUP_TRY(AddQuantized(
        EvenlySpaced<EncodedNeighbourhood>(encoded.training, QuantizeOptions{}.calibration_loans),
        8, artifact));
    RECOUP_ASSIGN(figures->rounding, ChangeByRounding(*artifact, 8, encoded.test));
    const double share = artifact->ensemble ? artifact->ensemble->network_weight : 1.0;
    if (share * figures->rounding.mean > BoundsOf(8).mean_change) artifact->int8.reset();
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
  std::map<std::uint32_t, LedgerForecast> forecasts_;  // of test loans
  std::vector<ConformityScore> test_scores_;
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
