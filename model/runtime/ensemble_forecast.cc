#include "model/runtime/ensemble_forecast.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace recoup::model {
namespace {

template <typename Trees, typename Row>
double MeanOf(const std::vector<Trees>& seeds, const Row& row) {
  double sum = 0.0;
  for (const Trees& trees : seeds) sum += static_cast<double>(trees.Predict(row));
  return seeds.empty() ? 0.0 : sum / static_cast<double>(seeds.size());
}

// What the trees of a member forecast.
struct TreeMeans {
  double own = 0.0;
  double relational = 0.0;
  double nearest = 0.0;
};

MemberForecasts Combine(const Ensemble& ensemble, const EnsembleInput& input,
                        const TreeMeans& trees) {
  MemberForecasts forecasts;
  forecasts.base =
      input.has_history ? trees.own : 0.5 * (trees.own + ensemble.own_ridge.PredictRow(input.own));
  const auto at = [&](Member member) -> double& {
    return forecasts.members[static_cast<std::size_t>(member)];
  };
  at(Member::kOwnTrees) = trees.own;
  at(Member::kRelationalTrees) = trees.relational;
  at(Member::kNearestTrees) = trees.nearest;
  at(Member::kResidualRidge) = forecasts.base + ensemble.residual_ridge.PredictRow(input.residual);
  at(Member::kCredibility) = forecasts.base + input.credibility;
  return forecasts;
}

struct Columns {
  std::size_t first = 0;
  std::size_t count = 0;
};

// Where the parts of an input stand in the row that all packed trees read.
class Layout {
 public:
  Layout(std::size_t own, std::size_t relations)
      : own_(own),
        outcome_(kOutcomeColumnsPerRelation * relations),
        residual_(kResidualColumnsPerRelation * relations) {}

  Columns Own() const { return {0, own_}; }
  Columns Outcome() const { return {own_, outcome_}; }
  Columns Residual() const { return {own_ + outcome_, residual_}; }
  Columns Nearest() const { return {own_ + outcome_ + residual_, kNearestColumns}; }
  std::size_t columns() const { return own_ + outcome_ + residual_ + kNearestColumns; }

 private:
  std::size_t own_;
  std::size_t outcome_;
  std::size_t residual_;
};

std::vector<PackedTrees> Pack(const std::vector<FlatTrees>& seeds,
                              std::initializer_list<Columns> parts, std::size_t row_columns) {
  std::vector<std::uint32_t> positions;
  for (const Columns part : parts) {
    for (std::size_t i = 0; i < part.count; ++i) {
      positions.push_back(static_cast<std::uint32_t>(part.first + i));
    }
  }
  std::vector<PackedTrees> packed;
  for (const FlatTrees& trees : seeds) packed.emplace_back(trees, positions, row_columns);
  return packed;
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
  return Combine(
      ensemble, input,
      {MeanOf(ensemble.own_trees, input.own),
       MeanOf(ensemble.relational_trees, Join({input.own, input.outcome, input.residual})),
       MeanOf(ensemble.nearest_trees, Join({input.own, input.residual, input.nearest}))});
}

PackedMembers::PackedMembers(const Ensemble& ensemble, std::size_t own_columns)
    : ensemble_(&ensemble), own_columns_(own_columns) {
  const Layout layout(own_columns, ensemble.relations.size());
  const Columns own = layout.Own();
  const Columns outcome = layout.Outcome();
  const Columns residual = layout.Residual();
  own_ = Pack(ensemble.own_trees, {own}, layout.columns());
  relational_ = Pack(ensemble.relational_trees, {own, outcome, residual}, layout.columns());
  nearest_ = Pack(ensemble.nearest_trees, {own, residual, layout.Nearest()}, layout.columns());
}

MemberForecasts PackedMembers::Forecast(const EnsembleInput& input, OrderedRow& row) const {
  const Layout layout(own_columns_, ensemble_->relations.size());
  row.Resize(layout.columns());
  row.Write(layout.Own().first, input.own);
  row.Write(layout.Outcome().first, input.outcome);
  row.Write(layout.Residual().first, input.residual);
  row.Write(layout.Nearest().first, input.nearest);
  return Combine(*ensemble_, input,
                 {MeanOf(own_, row), MeanOf(relational_, row), MeanOf(nearest_, row)});
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
