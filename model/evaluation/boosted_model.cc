#include "model/evaluation/boosted_model.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace recoup::model {
namespace {

struct Candidate {
  int max_depth;
  double min_child_weight;
  double column_share;
};
constexpr Candidate kCandidates[] = {
    {3, 20.0, 0.5}, {4, 20.0, 0.5}, {6, 20.0, 0.5}, {6, 40.0, 0.3}, {8, 40.0, 0.5}};

void AddShare(const std::vector<double>& predictions, int seeds, std::vector<double>& sums) {
  sums.resize(predictions.size(), 0.0);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i] += std::clamp(predictions[i], 0.0, 1.0) / seeds;
  }
}

}  // namespace

std::vector<BoostingOptions> BoostingCandidates(const BoostingOptions& base) {
  std::vector<BoostingOptions> candidates;
  for (const Candidate& candidate : kCandidates) {
    BoostingOptions options = base;
    options.max_depth = candidate.max_depth;
    options.min_child_weight = candidate.min_child_weight;
    options.column_share = candidate.column_share;
    candidates.push_back(options);
  }
  return candidates;
}

Result<BoostingOptions> TuneBoosting(const SplitTables& tables, const SplitOutcomes& outcomes,
                                     const BoostingOptions& base, const Observer& observer) {
  const std::vector<BoostingOptions> candidates = BoostingCandidates(base);
  BoostingOptions best = base;
  double best_error = 0.0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    observer.Report("tuning boosting", i, candidates.size());
    RECOUP_ASSIGN(const GradientBoosting model,
                  GradientBoosting::Fit({&tables.training, outcomes.training},
                                        {&tables.validation, outcomes.validation}, candidates[i],
                                        observer.stop));
    if (i == 0 || model.validation_error() < best_error) {
      best = candidates[i];
      best_error = model.validation_error();
    }
  }
  return best;
}

Result<MeanPredictions> PredictBoosted(const SplitTables& tables, const SplitOutcomes& outcomes,
                                       const BoostingOptions& options, int seeds,
                                       const Observer& observer) {
  if (seeds < 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "at least one seed is needed: " + std::to_string(seeds)};
  }
  MeanPredictions means;
  for (int seed = 0; seed < seeds; ++seed) {
    observer.Report("boosting", static_cast<std::size_t>(seed), static_cast<std::size_t>(seeds));
    BoostingOptions seeded = options;
    seeded.seed += static_cast<std::uint64_t>(seed);
    RECOUP_ASSIGN(
        const GradientBoosting model,
        GradientBoosting::Fit({&tables.training, outcomes.training},
                              {&tables.validation, outcomes.validation}, seeded, observer.stop));
    RECOUP_ASSIGN(const std::vector<double> validation, model.Predict(tables.validation));
    RECOUP_ASSIGN(const std::vector<double> test, model.Predict(tables.test));
    AddShare(validation, seeds, means.validation);
    AddShare(test, seeds, means.test);
  }
  return means;
}

}  // namespace recoup::model
