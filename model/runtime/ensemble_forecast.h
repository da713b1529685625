// What the members of the ensemble forecast for one loan, and the mean that counts.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "model/artifact/ensemble.h"
#include "model/peers/nearest_loans.h"
#include "model/peers/peer_index.h"
#include "model/trees/packed_trees.h"

namespace recoup::model {

/// What the members look at, for one loan.
struct EnsembleInput {
  std::span<const float> own;       // OwnColumns
  std::span<const float> outcome;   // 5 a relation (peer_index.h)
  std::span<const float> residual;  // 2 a relation
  std::array<float, kNearestColumns> nearest{};
  /// False where no resolved loan of its lender, court or servicer is known.
  bool has_history = true;
  /// What the credibility network adds to the base.
  double credibility = 0.0;
};

/// Forecasts of the members, not cut to [0, 1].
struct MemberForecasts {
  double base = 0.0;
  std::array<double, kMembers> members{};
};

/// What the networks look at beside the loan: what its base expects, cut to [0, 1], and the
/// residual aggregates, 0 where there are none. Shape: [NetworkContextWidth(relations)].
constexpr std::size_t NetworkContextWidth(std::size_t relations) {
  return 1 + kResidualColumnsPerRelation * relations;
}
std::vector<float> NetworkContext(double base, std::span<const float> residual);

/// The base alone: trees, blended 1:1 with ridge where there is no history (trees know a lender by
/// the look of its loans, and fail on new ones).
double ForecastBase(const Ensemble& ensemble, std::span<const float> own, bool has_history);

MemberForecasts ForecastMembers(const Ensemble& ensemble, const EnsembleInput& input);

/// ForecastMembers for one loan after the other: the same bytes, several times faster, because all
/// trees read one row and each column is prepared once.
/// Threads: share freely; a row belongs to one thread.
/// Lifetime: must not outlive the ensemble.
class PackedMembers {
 public:
  /// REQUIRES: the ensemble's trees have the columns that EnsembleInput says, `own_columns` of them
  /// the loan's own.
  PackedMembers(const Ensemble& ensemble, std::size_t own_columns);

  /// `row` is overwritten; its memory is used again.
  MemberForecasts Forecast(const EnsembleInput& input, OrderedRow& row) const;

 private:
  const Ensemble* ensemble_;
  std::size_t own_columns_;
  std::vector<PackedTrees> own_;
  std::vector<PackedTrees> relational_;
  std::vector<PackedTrees> nearest_;
};

/// The weighted mean of the members, each cut to [0, 1].
double WeightedMean(const Ensemble::Weights& weights, const MemberForecasts& forecasts);
/// With the share of the graph network, whose own mean is `network_mean`.
double EnsembleMean(const Ensemble& ensemble, const MemberForecasts& forecasts,
                    double network_mean);

}  // namespace recoup::model
