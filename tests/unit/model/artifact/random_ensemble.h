// A small ensemble of random trees for tests: every part is there, and fits the schema.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "model/artifact/ensemble.h"
#include "model/features/feature_schema.h"
#include "model/features/own_row.h"
#include "tests/unit/model/trees/random_trees.h"

namespace recoup::model::testing {

inline RidgeRegression SmallRidge(std::size_t columns) {
  RidgeParts parts{0.25, {}, {}, {}};
  for (std::size_t i = 0; i < columns; ++i) {
    parts.means.push_back(0.5);
    parts.scales.push_back(2.0);
    parts.weights.push_back(0.125 * static_cast<double>(i));
  }
  return RidgeRegression::FromParts(std::move(parts)).value();
}

/// Two relations, two seeds, three scores; deterministic for a seed.
/// REQUIRES: the schema's loans have own columns.
inline Ensemble RandomEnsemble(const FeatureSchema& schema, unsigned seed) {
  RandomTrees random(seed);
  const std::size_t own = OwnColumns(schema.Of(graph::NodeKind::kLoan)).size();
  const auto grow = [&random](std::size_t columns) {
    const RandomTreesSize size{.columns = columns, .trees = 2, .splits = 3};
    std::vector<FlatTrees> group;
    for (int i = 0; i < 2; ++i) group.push_back(random.Trees(size));
    return group;
  };
  Ensemble ensemble;
  ensemble.relations = {"group.vintage", "out.originated_by.party"};
  ensemble.history_relations = {"out.originated_by.party"};
  ensemble.message_relations = {"out.originated_by.party", "group.vintage"};  // not by name
  ensemble.own_trees = grow(own);
  ensemble.relational_trees = grow(own + 14);
  ensemble.nearest_trees = grow(own + 4 + 4);
  ensemble.own_ridge = SmallRidge(own);
  ensemble.residual_ridge = SmallRidge(4);
  ensemble.variant = CredibilityVariant::kDeep;
  ensemble.credibility = {{{"credibility.kappa", {{2, 1}, {5.0F, 4.0F}}}},
                          {{"credibility.kappa", {{2, 1}, {3.0F, 6.0F}}}}};
  ensemble.metric = {{static_cast<std::uint32_t>(own - 1), 0}, {0.75F, 0.5F}};
  ensemble.weights = {0.2, 0.2, 0.2, 0.2, 0.2};
  ensemble.network_weight = 0.5;
  ensemble.calibration.band_ends = {0.25F, 0.75F};
  ensemble.calibration.scores = {
      {Date(-7), 0.5F, 0.125F}, {Date(20'000), 0.25F, -0.5F}, {Date(20'000), 1.0F, 0.0F}};
  ensemble.labels_before = Date(20'001);
  return ensemble;
}

}  // namespace recoup::model::testing
