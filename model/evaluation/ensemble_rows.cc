#include "model/evaluation/ensemble_rows.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "model/evaluation/ablation.h"
#include "model/evaluation/ensemble_predictions.h"
#include "model/evaluation/metrics.h"
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

std::vector<std::uint32_t> PositionsIn(const LoanBook& book, std::span<const Example> examples) {
  std::unordered_map<graph::NodeId, std::uint32_t> by_loan;
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    by_loan[book.examples[loan].loan] = loan;
  }
  std::vector<std::uint32_t> positions;
  positions.reserve(examples.size());
  for (const Example& example : examples) positions.push_back(by_loan.at(example.loan));
  return positions;
}

std::vector<double> MeansOf(const Ensemble& ensemble, std::span<const MemberForecasts> forecasts,
                            std::size_t left_out) {
  Ensemble::Weights weights = ensemble.weights;
  if (left_out < kMembers) {
    const double rest = 1.0 - weights[left_out];
    weights[left_out] = 0.0;
    for (double& weight : weights) weight /= rest;
  }
  std::vector<double> means;
  means.reserve(forecasts.size());
  for (const MemberForecasts& one : forecasts) means.push_back(WeightedMean(weights, one));
  return means;
}

std::vector<MemberShare> SharesOfMembers(const Ensemble& ensemble,
                                         std::span<const MemberForecasts> forecasts,
                                         std::span<const double> outcomes) {
  std::vector<MemberShare> shares;
  for (std::size_t i = 0; i < kMembers; ++i) {
    std::vector<double> alone;
    for (const MemberForecasts& one : forecasts) {
      alone.push_back(std::clamp(one.members[i], 0.0, 1.0));
    }
    shares.push_back({std::string(MemberName(static_cast<Member>(i))), ensemble.weights[i],
                      RSquared(outcomes, alone),
                      RSquared(outcomes, MeansOf(ensemble, forecasts, i))});
  }
  return shares;
}

Date LearnBefore(const PreparedData& data) {
  if (data.dates) return data.dates->train_before;
  Date last = Date::Min();
  for (const Example& example : data.training) last = std::max(last, example.outcome_known_at);
  return last.PlusDays(1);
}

void KeepApart(const PreparedData& data, const LoanBook& book, LearnOptions* options) {
  const bool by_date = data.dates.has_value();
  if (by_date && data.newcomers.empty()) return;
  // Of a split that is not by date, most of the book is not training.
  std::vector<char> kept_apart(book.size(), by_date ? 0 : 1);
  if (!by_date) {
    for (const std::uint32_t loan : PositionsIn(book, data.training)) kept_apart[loan] = 0;
  }
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    if (data.newcomers.contains(book.examples[loan].loan)) kept_apart[loan] = 1;
  }
  const bool heard = data.scenario.new_groups && data.scenario.new_groups->are_heard;
  (heard ? options->not_learnt : options->silent) = std::move(kept_apart);
}

LoanBook WithShuffledEdges(const LoanBook& book, std::uint64_t seed) {
  const std::vector<std::uint32_t> donors = ShuffledSurroundings(book.examples, seed);
  LoanBook shuffled = book;
  shuffled.members.clear();
  shuffled.member_ends.assign(1, 0);
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    const auto members = book.MembersOf(donors[loan]);
    shuffled.members.insert(shuffled.members.end(), members.begin(), members.end());
    shuffled.member_ends.push_back(static_cast<std::uint32_t>(shuffled.members.size()));
  }
  return shuffled;
}

}  // namespace recoup::model
