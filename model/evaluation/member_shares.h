// What each member of an ensemble accounts for.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "model/artifact/ensemble.h"
#include "model/runtime/ensemble_forecast.h"

namespace recoup::model {

/// Returns the ensemble's means; `left_out`, if below kMembers, is a member without a say.
std::vector<double> MeansOf(const Ensemble& ensemble, std::span<const MemberForecasts> forecasts,
                            std::size_t left_out = kMembers);

/// What of the ensemble's forecasts each member accounts for.
struct MemberShare {
  std::string name;
  double weight = 0.0;
  double r_squared = 0.0;   // of the member alone
  double without_it = 0.0;  // R2 of the ensemble without the member
};
std::vector<MemberShare> SharesOfMembers(const Ensemble& ensemble,
                                         std::span<const MemberForecasts> forecasts,
                                         std::span<const double> outcomes);

}  // namespace recoup::model
