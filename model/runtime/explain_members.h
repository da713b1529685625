// What each member's forecast of one loan is made of: parts of the loan's own features and of its
// edges, which sum to it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/artifact/ensemble.h"
#include "model/runtime/credibility_pass.h"
#include "model/runtime/ensemble_forecast.h"

namespace recoup::model {

/// What one resolved peer adds through one relation.
struct PeerPart {
  std::uint32_t relation = 0;  // of Ensemble::message_relations
  std::int32_t peer = -1;      // row of the question's LoanRows
  double value = 0.0;
};

/// A forecast, not cut to [0, 1], as a sum. Unit: recovery rate.
/// Exact but for rounding (1e-5, trees add in float): trees by TreeSHAP (Lundberg et al. 2020),
/// linear models by their terms, the additive credibility network by its peers.
struct ForecastParts {
  double start = 0.0;             // what is forecast of no loan in particular
  std::vector<double> features;   // [own columns]
  std::vector<double> relations;  // [relations]: all peers of a relation
  double nearest = 0.0;           // the loans that look most alike
  /// Of the credibility network alone, and of these the sum is in `relations`.
  std::vector<PeerPart> peers;
  /// What the deep credibility network adds and no peer accounts for; 0 in the additive one.
  double not_split = 0.0;

  double Sum() const;
};

/// Returns the parts of each member. `heard` is what `input.credibility` was forecast from; the
/// credibility member's parts hold the mean over `passes`.
/// REQUIRES: shapes as ForecastMembers and CredibilityPass::Forecast need them.
std::array<ForecastParts, kMembers> ExplainMembers(const Ensemble& ensemble,
                                                   std::span<const CredibilityPass> passes,
                                                   const EnsembleInput& input,
                                                   const CredibilityQuestion& heard);

/// Returns the weighted sum of the members' parts: the parts of their mean, as far as no member was
/// cut to [0, 1].
ForecastParts WeightedParts(const Ensemble& ensemble,
                            std::span<const ForecastParts, kMembers> members);

}  // namespace recoup::model
