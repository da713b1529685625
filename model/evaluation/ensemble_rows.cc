#include "model/evaluation/ensemble_rows.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "model/evaluation/ablation.h"
#include "model/evaluation/ensemble_predictions.h"
#include "model/evaluation/learning_part.h"
#include "model/evaluation/member_shares.h"
#include "model/evaluation/network_run.h"

namespace recoup::model {
namespace {

// Validation and test as positions in a book.
struct Parts {
  std::vector<std::uint32_t> training;
  std::vector<std::uint32_t> validation;
  std::vector<std::uint32_t> test;
};

Parts PartsOf(const LoanBook& book, const PreparedData& data) {
  return {PositionsIn(book, data.training), PositionsIn(book, data.validation),
          PositionsIn(book, data.test)};
}

LearnOptions LearnOptionsFor(const NetworkTask& task, const LoanBook& book) {
  LearnOptions options{.ensemble = task.options.ensemble, .credibility = task.options.credibility};
  options.ensemble.seeds = task.options.seeds;
  options.ensemble.fit = task.options.fit;
  KeepApart(task.data, book, &options);
  return options;
}

struct PartForecasts {
  std::vector<MemberForecasts> validation;
  std::vector<MemberForecasts> test;
};

Result<PartForecasts> ForecastParts(const LearntEnsemble& learnt, const Parts& parts) {
  PartForecasts forecasts;
  RECOUP_ASSIGN(forecasts.validation, learnt.Forecast(parts.validation));
  RECOUP_ASSIGN(forecasts.test, learnt.Forecast(parts.test));
  return forecasts;
}

template <typename MeanOf>
MeanPredictions Means(const PartForecasts& forecasts, const MeanOf& mean_of) {
  MeanPredictions means;
  for (const MemberForecasts& one : forecasts.validation) means.validation.push_back(mean_of(one));
  for (const MemberForecasts& one : forecasts.test) means.test.push_back(mean_of(one));
  return means;
}

MeanPredictions EnsembleMeans(const Ensemble& ensemble, const PartForecasts& forecasts,
                              std::size_t left_out = kMembers) {
  return {MeansOf(ensemble, forecasts.validation, left_out),
          MeansOf(ensemble, forecasts.test, left_out)};
}

class EnsembleRows {
 public:
  EnsembleRows(const NetworkTask& task, const Observer& observer, Comparison& comparison)
      : task_(task), observer_(observer), comparison_(comparison) {}

  Result<void> Run() {
    RECOUP_TRY(observer_.Enter("reading resolved loans"));
    RECOUP_ASSIGN(const LoanBook book, ReadLoanBook(task_.store, task_.data.example_options(),
                                                    [&](std::size_t done, std::size_t total) {
                                                      observer_.Report("reading resolved loans",
                                                                       done, total);
                                                    }));
    const Parts parts = PartsOf(book, task_.data);
    LearnOptions options = LearnOptionsFor(task_, book);
    RECOUP_TRY(AddWhole(book, parts, options));
    RECOUP_TRY(observer_.Enter("ensemble with shuffled edges"));
    const LoanBook shuffled = WithShuffledEdges(book, task_.options.training.seed);
    RECOUP_TRY(AddAblation("ensemble with shuffled edges", shuffled, parts, options));
    options.without_edges = true;
    RECOUP_TRY(observer_.Enter("ensemble without edges"));
    return AddAblation("ensemble without edges", book, parts, options);
  }

 private:
  Result<LearntEnsemble> Learn(const LoanBook& book, const LearnOptions& options) {
    return LearntEnsemble::Learn(book, LearnBefore(task_.data), options, task_.network.plugin,
                                 observer_);
  }

  void AddMeans(std::string name, const MeanPredictions& means, std::string compared_with) {
    comparison_.Add(std::move(name), PredictionsFromMeans(means, task_.data.outcomes.validation),
                    std::move(compared_with));
  }

  Result<void> AddWhole(const LoanBook& book, const Parts& parts, const LearnOptions& options) {
    RECOUP_ASSIGN(const LearntEnsemble learnt, Learn(book, options));
    const Ensemble& ensemble = learnt.ensemble();
    RECOUP_TRY(observer_.Enter("forecasting with the ensemble"));
    RECOUP_ASSIGN(const PartForecasts forecasts, ForecastParts(learnt, parts));
    AddMeans(row::kBase, Means(forecasts, [](const MemberForecasts& one) { return one.base; }), {});
    for (std::size_t i = 0; i < kMembers; ++i) {
      const std::string name(MemberName(static_cast<Member>(i)));
      if (ensemble.weights[i] == 0.0) {
        comparison_.AddAbsent(name, WhyAbsent());
        continue;
      }
      AddMeans(name, Means(forecasts, [i](const MemberForecasts& one) { return one.members[i]; }),
               row::kBase);
    }
    RECOUP_TRY(AddEnsemble(learnt, parts, EnsembleMeans(ensemble, forecasts)));
    for (std::size_t i = 0; i < kMembers; ++i) {
      if (ensemble.weights[i] == 0.0) continue;
      AddMeans("ensemble without " + std::string(MemberName(static_cast<Member>(i))),
               EnsembleMeans(ensemble, forecasts, i), row::kEnsemble);
    }
    comparison_.AddNote("ensemble: relations heard: " + std::to_string(ensemble.relations.size()) +
                        ", learnt on " + std::to_string(learnt.LearntLoans().size()) +
                        " outcomes known before " + learnt.day().ToString() + "; trees of depth " +
                        std::to_string(learnt.depth()));
    return {};
  }

  std::string WhyAbsent() const {
    return task_.network.plugin == nullptr ? task_.network.absent_because
                                           : "no relation speaks to enough of the loans";
  }

  Result<void> AddEnsemble(const LearntEnsemble& learnt, const Parts& parts,
                           const MeanPredictions& means) {
    if (task_.network.plugin == nullptr || HidesOutcomes()) {
      AddMeans(row::kEnsemble, means, row::kBase);
      return {};
    }
    RECOUP_ASSIGN(EncodedSplit encoded, EncodeSplit(task_.store, task_.data,
                                                    {.sampling = task_.options.fit.sampling,
                                                     .threads = task_.options.threads},
                                                    observer_));
    AttachContext(learnt, parts.training, encoded.training);
    AttachContext(learnt, parts.validation, encoded.validation);
    AttachContext(learnt, parts.test, encoded.test);
    RECOUP_ASSIGN(const SplitDistributions shapes,
                  ForecastDistributions(*task_.network.plugin, task_.data, encoded,
                                        task_.options.training, task_.options.seeds, observer_));
    const std::vector<double> seen = MeansOfAll(shapes.validation);
    const double share = ShareOfSecond(task_.data.outcomes.validation, means.validation, seen);
    const auto validation = TiltAll(shapes.validation, Blend(means.validation, seen, share));
    const RollingCalibration calibration =
        CalibrateRolling(ScoresOf(validation, task_.data.validation));
    const auto test = TiltAll(shapes.test, Blend(means.test, MeansOfAll(shapes.test), share));
    RECOUP_ASSIGN(ModelPredictions predictions, PredictRolling(test, task_.data.test, calibration));
    comparison_.Add(row::kEnsemble, std::move(predictions), row::kBase);
    AddMeans(row::kEnsembleWithoutNetwork, means, row::kEnsemble);
    comparison_.AddNote("ensemble: share of the network, chosen on validation: " +
                        FormatFigure(share));
    RECOUP_ASSIGN(
        ModelPredictions alone,
        PredictRolling(shapes.test, task_.data.test,
                       CalibrateRolling(ScoresOf(shapes.validation, task_.data.validation))));
    comparison_.Add(row::kNetworkWithBase, std::move(alone), row::kBase);
    return {};
  }

  bool HidesOutcomes() const {
    return task_.data.scenario.new_groups && !task_.data.scenario.new_groups->are_heard;
  }

  Result<void> AddAblation(const std::string& name, const LoanBook& book, const Parts& parts,
                           const LearnOptions& options) {
    RECOUP_ASSIGN(const LearntEnsemble learnt, Learn(book, options));
    RECOUP_ASSIGN(const PartForecasts forecasts, ForecastParts(learnt, parts));
    AddMeans(name, EnsembleMeans(learnt.ensemble(), forecasts), row::kEnsemble);
    return {};
  }

  const NetworkTask& task_;
  const Observer& observer_;
  Comparison& comparison_;
};

}  // namespace

Result<void> AddEnsembleRows(const NetworkTask& task, const Observer& observer,
                             Comparison& comparison) {
  return EnsembleRows(task, observer, comparison).Run();
}

}  // namespace recoup::model
