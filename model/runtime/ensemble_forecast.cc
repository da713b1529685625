#include "model/runtime/ensemble_forecast.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

namespace recoup::model {
namespace {

double MeanOf(const std::vector<FlatTrees>& seeds, std::span<const float> row) {
  double sum = 0.0;
  for (const FlatTrees& trees : seeds) sum += static_cast<double>(trees.Predict(row));
  return seeds.empty() ? 0.0 : sum / static_cast<double>(seeds.size());
}

std::vector<float> Join(std::initializer_list<std::span<const float>> parts) {
  std::vector<float> row;
  for (const auto part : parts) row.insert(row.end(), part.begin(), part.end());
  return row;
}

}  // namespace

std::vector<float> NetworkContext(double base, std::span<const float> residual) {
  std::vector<float> context{static_cast<float>(std::clamp(base, 0.0, 1.0))};
  for (const float value : residual) context.push_back(std::isnan(value) ? 0.0F : value);
  return context;
}

double ForecastBase(const Ensemble& ensemble, std::span<const float> own, bool has_history) {
  const double trees = MeanOf(ensemble.own_trees, own);
  return has_history ? trees : 0.5 * (trees + ensemble.own_ridge.PredictRow(own));
}

MemberForecasts ForecastMembers(const Ensemble& ensemble, const EnsembleInput& input) {
  MemberForecasts forecasts;
  const double trees = MeanOf(ensemble.own_trees, input.own);
  forecasts.base =
      input.has_history ? trees : 0.5 * (trees + ensemble.own_ridge.PredictRow(input.own));
  const auto at = [&](Member member) -> double& {
    return forecasts.members[static_cast<std::size_t>(member)];
  };
  at(Member::kOwnTrees) = trees;
  at(Member::kRelationalTrees) =
      MeanOf(ensemble.relational_trees, Join({input.own, input.outcome, input.residual}));
  at(Member::kNearestTrees) =
      MeanOf(ensemble.nearest_trees, Join({input.own, input.residual, input.nearest}));
  at(Member::kResidualRidge) = forecasts.base + ensemble.residual_ridge.PredictRow(input.residual);
  at(Member::kCredibility) = forecasts.base + input.credibility;
  return forecasts;
}

double WeightedMean(const Ensemble::Weights& weights, const MemberForecasts& forecasts) {
  double mean = 0.0;
  for (std::size_t i = 0; i < kMembers; ++i) {
    mean += weights[i] * std::clamp(forecasts.members[i], 0.0, 1.0);
  }
  return mean;
}

double EnsembleMean(const Ensemble& ensemble, const MemberForecasts& forecasts,
                    double network_mean) {
  const double share = ensemble.network_weight;
  return (1.0 - share) * WeightedMean(ensemble.weights, forecasts) + share * network_mean;
}

}  // namespace recoup::model
