#include "model/artifact/ensemble_check.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/artifact/strict_json.h"
#include "model/features/own_row.h"
#include "model/peers/peer_index.h"

namespace recoup::model {
namespace {

using nlohmann::json;

constexpr double kWeightTolerance = 1e-9;

// Columns of the members' rows; `residual` and `outcome` are those of all relations.
struct Widths {
  std::size_t own = 0;
  std::size_t outcome = 0;
  std::size_t residual = 0;
};

Widths WidthsFor(const Ensemble& ensemble, const FeatureSchema& schema) {
  const std::size_t relations = ensemble.relations.size();
  return {OwnColumns(schema.Of(graph::NodeKind::kLoan)).size(),
          relations * kOutcomeColumnsPerRelation, relations * kResidualColumnsPerRelation};
}

Error Wrong(const std::string& what) { return {ErrorCode::kDataLoss, what}; }

bool AllFinite(const auto& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](auto n) { return std::isfinite(n); });
}

// Relations are named in replies, which hold nothing but UTF-8.
bool IsText(const std::string& text) {
  const std::string mended = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  const auto read = ParseStrictJson(mended);
  return !text.empty() && read && *read == text;
}

Result<void> CheckSubset(std::string_view list, const std::vector<std::string>& names,
                         const std::vector<std::string>& relations) {
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (!std::binary_search(relations.begin(), relations.end(), name)) {
      return Wrong(std::string(list) + " names an unknown relation");
    }
    if (!seen.insert(name).second) return Wrong(std::string(list) + " names twice: " + name);
  }
  return {};
}

Result<void> CheckRelations(const Ensemble& ensemble) {
  const std::vector<std::string>& relations = ensemble.relations;
  if (!std::all_of(relations.begin(), relations.end(), IsText)) {
    return Wrong("a relation's name is empty or not UTF-8");
  }
  const auto stray =
      std::adjacent_find(relations.begin(), relations.end(), std::greater_equal<std::string>());
  if (stray != relations.end()) return Wrong("relations do not ascend after: " + *stray);
  RECOUP_TRY(CheckSubset("history_relations", ensemble.history_relations, relations));
  return CheckSubset("message_relations", ensemble.message_relations, relations);
}

Result<void> CheckColumns(const std::string& part, std::size_t columns, std::size_t expected) {
  if (columns == expected) return {};
  return Wrong(part + " must have " + std::to_string(expected) +
               " columns: " + std::to_string(columns));
}

// One member's trees. Without any it forecasts 0, and must have no say.
Result<void> CheckGroup(const Ensemble& ensemble, Member member, std::size_t columns) {
  const auto& group = member == Member::kOwnTrees          ? ensemble.own_trees
                      : member == Member::kRelationalTrees ? ensemble.relational_trees
                                                           : ensemble.nearest_trees;
  const std::string name(MemberName(member));
  const bool needed = member == Member::kOwnTrees ||  // the base of others, too
                      ensemble.weights[static_cast<std::size_t>(member)] != 0.0;
  if (needed && group.empty()) return Wrong("there are none of the " + name);
  for (const FlatTrees& trees : group) RECOUP_TRY(CheckColumns(name, trees.columns(), columns));
  return {};
}

Result<void> CheckTrees(const Ensemble& ensemble, const Widths& widths) {
  RECOUP_TRY(CheckGroup(ensemble, Member::kOwnTrees, widths.own));
  RECOUP_TRY(CheckGroup(ensemble, Member::kRelationalTrees,
                        widths.own + widths.outcome + widths.residual));
  return CheckGroup(ensemble, Member::kNearestTrees,
                    widths.own + widths.residual + kNearestColumns);
}

Result<void> CheckRidge(const std::string& part, const RidgeRegression& ridge,
                        std::size_t columns) {
  RECOUP_TRY(CheckColumns(part, ridge.weights().size(), columns));
  const auto whole = RidgeRegression::FromParts(ridge.parts());
  return whole ? Result<void>() : Wrong(part + ": " + whole.error().message);
}

Result<void> CheckLinear(const Ensemble& ensemble, const Widths& widths) {
  RECOUP_TRY(CheckRidge("own ridge", ensemble.own_ridge, widths.own));
  const bool none = ensemble.residual_ridge.weights().empty();
  return CheckRidge("residual ridge", ensemble.residual_ridge, none ? 0 : widths.residual);
}

Result<void> CheckMetric(const LoanMetric& metric, std::size_t own) {
  if (metric.columns.size() != metric.scales.size()) {
    return Wrong("the metric needs one scale a column");
  }
  for (const std::uint32_t column : metric.columns) {
    if (column >= own) return Wrong("the metric has no such column: " + std::to_string(column));
  }
  return AllFinite(metric.scales) ? Result<void>() : Wrong("a scale of the metric is not finite");
}

Result<void> CheckWeights(const Ensemble& ensemble) {
  double sum = 0.0;
  for (const double weight : ensemble.weights) {
    if (!std::isfinite(weight) || weight < 0.0) {
      return Wrong("a weight is negative or not finite: " + std::to_string(weight));
    }
    sum += weight;
  }
  if (!(ensemble.network_weight >= 0.0 && ensemble.network_weight <= 1.0)) {
    return Wrong("the network's weight must be in [0, 1]: " +
                 std::to_string(ensemble.network_weight));
  }
  if (std::abs(sum - 1.0) <= kWeightTolerance) return {};
  return Wrong("weights must sum to 1: " + std::to_string(sum));
}

Result<void> CheckScores(const std::vector<ConformityScore>& scores) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!std::isfinite(scores[i].forecast_mean) || !std::isfinite(scores[i].score)) {
      return Wrong("a score is not finite: " + std::to_string(i));
    }
    if (i > 0 && scores[i].known_at < scores[i - 1].known_at) {
      return Wrong("days of scores must not descend: " + std::to_string(i));
    }
  }
  return {};
}

Result<void> CheckRolling(const RollingCalibration& calibration) {
  if (!(calibration.coverage > 0.0 && calibration.coverage < 1.0)) {
    return Wrong("coverage must lie inside (0, 1): " + std::to_string(calibration.coverage));
  }
  if (calibration.window == 0) return Wrong("the window must hold an outcome");
  if (!AllFinite(calibration.band_ends) || calibration.band_ends[1] < calibration.band_ends[0]) {
    return Wrong("band ends must be finite and must not descend");
  }
  return CheckScores(calibration.scores);
}

Result<void> CheckTensors(const std::vector<TensorMap>& seeds) {
  for (const TensorMap& tensors : seeds) {
    for (const auto& [name, tensor] : tensors) {
      if (!AllFinite(tensor.values)) return Wrong("number is not finite in tensor: " + name);
    }
  }
  return {};
}

}  // namespace

Result<void> CheckEnsemble(const Ensemble& ensemble, const FeatureSchema& schema) {
  const Widths widths = WidthsFor(ensemble, schema);
  RECOUP_TRY(CheckRelations(ensemble));
  RECOUP_TRY(CheckWeights(ensemble));
  RECOUP_TRY(CheckTrees(ensemble, widths));
  RECOUP_TRY(CheckLinear(ensemble, widths));
  RECOUP_TRY(CheckMetric(ensemble.metric, widths.own));
  RECOUP_TRY(CheckRolling(ensemble.calibration));
  return CheckTensors(ensemble.credibility);
}

}  // namespace recoup::model
