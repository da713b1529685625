#include "model/evaluation/member_shares.h"

#include <algorithm>

#include "model/evaluation/metrics.h"

namespace recoup::model {

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

}  // namespace recoup::model
