// The recovery ensemble: five members around one boosted base, each with equal weight.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/types/date.h"
#include "graph/types/result.h"
#include "model/artifact/tensor.h"
#include "model/linear/ridge_regression.h"
#include "model/peers/nearest_loans.h"
#include "model/trees/flat_trees.h"

namespace recoup::model {

/// The members, in the order of every array of forecasts.
enum class Member : std::uint8_t {
  kOwnTrees,         // boosted trees on the loan's own features
  kRelationalTrees,  // with outcome and residual aggregates of its relations
  kNearestTrees,     // with residual aggregates and the nearest resolved loans
  kResidualRidge,    // base + ridge on residual aggregates
  kCredibility,      // base + residual credibility network
};
inline constexpr std::size_t kMembers = 5;
std::string_view MemberName(Member member);

enum class CredibilityVariant : std::uint8_t {
  kAdditive = 0,  // splits exactly over peers
  kDeep = 1,
};

/// How far one outcome fell outside the interval that had been forecast for it: max(lower - y,
/// y - upper) of the uncalibrated ends, negative inside.
struct ConformityScore {
  Date known_at;               // of the outcome
  float forecast_mean = 0.0F;  // what was forecast; decides the band
  float score = 0.0F;          // unit: recovery rate

  bool operator==(const ConformityScore&) const = default;
};

/// Rolling, banded conformal calibration: the margin is the conformal quantile of the scores of the
/// newest `window` outcomes, in the band of the forecast where that holds enough of them.
struct RollingCalibration {
  double coverage = 0.8;
  std::uint32_t window = 1500;
  /// Bands of the forecast mean: below the first, between them, from the second on.
  std::array<float, 2> band_ends{};
  /// What the model was calibrated on, ascending by known_at; the store's ledger goes on from it.
  std::vector<ConformityScore> scores;

  bool operator==(const RollingCalibration&) const = default;
};

/// A fitted ensemble. Vectors of trees hold one ensemble a seed, whose mean is taken.
/// Threads: share freely.
struct Ensemble {
  /// In the order of the aggregates' columns.
  std::vector<std::string> relations;
  /// Those whose silence makes the base doubtful: lender, court, servicer.
  std::vector<std::string> history_relations;
  /// Those that the credibility network listens to.
  std::vector<std::string> message_relations;

  std::vector<FlatTrees> own_trees;
  std::vector<FlatTrees> relational_trees;
  std::vector<FlatTrees> nearest_trees;
  RidgeRegression own_ridge;
  RidgeRegression residual_ridge;
  CredibilityVariant variant = CredibilityVariant::kAdditive;
  std::vector<TensorMap> credibility;  // one a seed; empty without the plug-in
  LoanMetric metric;
  using Weights = std::array<double, kMembers>;
  Weights weights{};  // none negative; sum to 1
  /// Share of the graph network's own mean in the forecast, in [0, 1]; the members' mean has the
  /// rest. What the features of neighbours say comes in here: little where residuals say it all,
  /// nearly everything where collateral and guarantors decide.
  double network_weight = 0.0;
  RollingCalibration calibration;
  /// Every outcome that the model learnt from was known before this day.
  Date labels_before;

  bool operator==(const Ensemble&) const = default;
};

}  // namespace recoup::model
