// The rows of a comparison that are about the ensemble: its base, its members, the whole, and what
// is left of it without its parts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "graph/types/result.h"
#include "model/evaluation/comparison.h"
#include "model/evaluation/network_rows.h"
#include "model/learning/learnt_ensemble.h"
#include "model/learning/observer.h"

namespace recoup::model {

/// Walks forward, fits the ensemble on the training part, and adds `base`, its members, `ensemble`,
/// `ensemble without` each member, `ensemble without edges` and `ensemble with shuffled edges`; the
/// last two are walked and fitted afresh. With a plug-in the ensemble's distributions are a
/// network's, trained with the base's expectation before its eyes, tilted to the ensemble's means;
/// without one they are quantiles of its errors.
/// Errors: those of ReadLoanBook, LearntEnsemble and the plug-in; kCancelled.
Result<void> AddEnsembleRows(const NetworkTask& task, const Observer& observer,
                             Comparison& comparison);

/// Returns the positions of these examples in the book. REQUIRES: the book holds them.
std::vector<std::uint32_t> PositionsIn(const LoanBook& book, std::span<const Example> examples);

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

/// Returns the day before which the outcomes of the training part were known.
Date LearnBefore(const PreparedData& data);

/// Makes `options` learn from the training part only: what else was known by then is left out, or,
/// in a scenario that lets it be heard, speaks as a peer.
void KeepApart(const PreparedData& data, const LoanBook& book, LearnOptions* options);

/// Gives every loan the members' relations of another loan of the same outcome year.
LoanBook WithShuffledEdges(const LoanBook& book, std::uint64_t seed);

}  // namespace recoup::model
