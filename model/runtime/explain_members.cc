#include "model/runtime/explain_members.h"

#include <algorithm>
#include <initializer_list>
#include <string>

namespace recoup::model {
namespace {

// Where the columns of one member's row lead to.
struct Layout {
  std::size_t own = 0;
  std::size_t outcome = 0;   // columns
  std::size_t residual = 0;  // columns
  std::size_t nearest = 0;   // columns
};

ForecastParts Nothing(std::size_t own, std::size_t relations) {
  ForecastParts parts;
  parts.features.assign(own, 0.0);
  parts.relations.assign(relations, 0.0);
  return parts;
}

void AddColumns(std::span<const double> values, const Layout& layout, double share,
                ForecastParts* parts) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < layout.own; ++i) parts->features[i] += share * values[at++];
  for (std::size_t i = 0; i < layout.outcome; ++i) {
    parts->relations[i / kOutcomeColumnsPerRelation] += share * values[at++];
  }
  for (std::size_t i = 0; i < layout.residual; ++i) {
    parts->relations[i / kResidualColumnsPerRelation] += share * values[at++];
  }
  for (std::size_t i = 0; i < layout.nearest; ++i) parts->nearest += share * values[at++];
}

void AddTrees(std::span<const FlatTrees> seeds, std::initializer_list<std::span<const float>> row,
              const Layout& layout, double share, ForecastParts* parts) {
  std::vector<float> joined;
  for (const auto part : row) joined.insert(joined.end(), part.begin(), part.end());
  std::vector<double> values(joined.size());
  for (const FlatTrees& trees : seeds) {
    const double of_seed = share / static_cast<double>(seeds.size());
    std::fill(values.begin(), values.end(), 0.0);
    parts->start += of_seed * trees.Contributions(joined, values);
    AddColumns(values, layout, of_seed, parts);
  }
}

void AddRidge(const RidgeRegression& ridge, std::span<const float> row, const Layout& layout,
              double share, ForecastParts* parts) {
  parts->start += share * ridge.intercept();
  if (ridge.weights().empty()) return;
  std::vector<double> values(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) values[i] = ridge.Contribution(i, row[i]);
  AddColumns(values, layout, share, parts);
}

void AddBase(const Ensemble& ensemble, const EnsembleInput& input, ForecastParts* parts) {
  const Layout layout{.own = input.own.size()};
  const double trees = input.has_history ? 1.0 : 0.5;
  AddTrees(ensemble.own_trees, {input.own}, layout, trees, parts);
  if (!input.has_history) AddRidge(ensemble.own_ridge, input.own, layout, 0.5, parts);
}

// Positions of the message relations among all relations.
std::vector<std::size_t> PlacesOf(const Ensemble& ensemble) {
  std::vector<std::size_t> places;
  for (const std::string& name : ensemble.message_relations) {
    const auto found = std::lower_bound(ensemble.relations.begin(), ensemble.relations.end(), name);
    places.push_back(static_cast<std::size_t>(found - ensemble.relations.begin()));
  }
  return places;
}

void AddCredibility(const Ensemble& ensemble, std::span<const CredibilityPass> passes,
                    const EnsembleInput& input, const CredibilityQuestion& heard,
                    ForecastParts* parts) {
  if (passes.empty()) return;
  std::vector<double> by_slot(heard.peers.size(), 0.0);
  CredibilityPass::Scratch scratch;
  for (const CredibilityPass& pass : passes) {
    pass.Forecast(heard, scratch);
    for (std::size_t i = 0; i < by_slot.size(); ++i) {
      by_slot[i] += scratch.contributions[i] / static_cast<double>(passes.size());
    }
  }
  const std::vector<std::size_t> places = PlacesOf(ensemble);
  const std::size_t slots = places.empty() ? 0 : by_slot.size() / places.size();
  double sum = 0.0;
  for (std::size_t i = 0; i < by_slot.size(); ++i) {
    if (heard.peers[i] < 0) continue;
    const std::size_t relation = i / slots;
    parts->peers.push_back({static_cast<std::uint32_t>(relation), heard.peers[i], by_slot[i]});
    parts->relations[places[relation]] += by_slot[i];
    sum += by_slot[i];
  }
  if (ensemble.variant == CredibilityVariant::kDeep) parts->not_split = input.credibility - sum;
}

}  // namespace

double ForecastParts::Sum() const {
  double sum = start + nearest + not_split;
  for (const double part : features) sum += part;
  for (const double part : relations) sum += part;
  return sum;
}

std::array<ForecastParts, kMembers> ExplainMembers(const Ensemble& ensemble,
                                                   std::span<const CredibilityPass> passes,
                                                   const EnsembleInput& input,
                                                   const CredibilityQuestion& heard) {
  std::array<ForecastParts, kMembers> members;
  members.fill(Nothing(input.own.size(), ensemble.relations.size()));
  const auto of = [&](Member member) { return &members[static_cast<std::size_t>(member)]; };
  const std::size_t own = input.own.size();
  AddTrees(ensemble.own_trees, {input.own}, {.own = own}, 1.0, of(Member::kOwnTrees));
  AddTrees(ensemble.relational_trees, {input.own, input.outcome, input.residual},
           {.own = own, .outcome = input.outcome.size(), .residual = input.residual.size()}, 1.0,
           of(Member::kRelationalTrees));
  AddTrees(ensemble.nearest_trees, {input.own, input.residual, input.nearest},
           {.own = own, .residual = input.residual.size(), .nearest = kNearestColumns}, 1.0,
           of(Member::kNearestTrees));
  AddBase(ensemble, input, of(Member::kResidualRidge));
  AddRidge(ensemble.residual_ridge, input.residual, {.residual = input.residual.size()}, 1.0,
           of(Member::kResidualRidge));
  AddBase(ensemble, input, of(Member::kCredibility));
  AddCredibility(ensemble, passes, input, heard, of(Member::kCredibility));
  return members;
}

ForecastParts WeightedParts(const Ensemble& ensemble,
                            std::span<const ForecastParts, kMembers> members) {
  ForecastParts sum = Nothing(members.front().features.size(), ensemble.relations.size());
  for (std::size_t i = 0; i < kMembers; ++i) {
    const double weight = ensemble.weights[i];
    sum.start += weight * members[i].start;
    sum.nearest += weight * members[i].nearest;
    sum.not_split += weight * members[i].not_split;
    for (std::size_t f = 0; f < sum.features.size(); ++f) {
      sum.features[f] += weight * members[i].features[f];
    }
    for (std::size_t r = 0; r < sum.relations.size(); ++r) {
      sum.relations[r] += weight * members[i].relations[r];
    }
    for (PeerPart peer : members[i].peers) {
      peer.value *= weight;
      sum.peers.push_back(peer);
    }
  }
  return sum;
}

}  // namespace recoup::model
