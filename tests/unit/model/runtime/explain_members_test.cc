#include "model/runtime/explain_members.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <limits>
#include <random>
#include <vector>

#include "model/peers/peer_index.h"
#include "tests/unit/model/artifact/random_ensemble.h"
#include "tests/unit/model/runtime/credibility_example.h"

namespace recoup::model {
namespace {

using Catch::Matchers::WithinAbs;

constexpr std::size_t kOwn = 4;
constexpr std::size_t kRelations = 3;
constexpr std::size_t kOutcome = kRelations * kOutcomeColumnsPerRelation;
constexpr std::size_t kResidual = kRelations * kResidualColumnsPerRelation;

// Random members over three relations, all of which the credibility network hears.
struct World {
  explicit World(CredibilityVariant variant, unsigned seed)
      : example(testing::RandomCredibility(variant, seed)) {
    RandomTrees random(seed);
    ensemble.relations = {"a", "b", "c"};
    ensemble.message_relations = {"c", "a", "b"};
    ensemble.variant = variant;
    ensemble.own_trees = {random.Trees({.columns = kOwn}), random.Trees({.columns = kOwn})};
    ensemble.relational_trees = {
        random.Trees({.columns = kOwn + kOutcome + kResidual, .trees = 9})};
    ensemble.nearest_trees = {
        random.Trees({.columns = kOwn + kResidual + kNearestColumns, .trees = 9})};
    ensemble.own_ridge = testing::SmallRidge(kOwn);
    ensemble.residual_ridge = testing::SmallRidge(kResidual);
    ensemble.weights = {0.1, 0.2, 0.3, 0.15, 0.25};
    for (int i = 0; i < 2; ++i) {
      passes.push_back(CredibilityPass::Make(example.weights, variant, example.rows, kRelations,
                                             example.inputs.context_width)
                           .value());
    }
  }

  CredibilityQuestion Question(std::size_t loan) const {
    const std::size_t width = example.inputs.context_width;
    return QuestionOf(example.rows, loan, example.inputs.slots, loan,
                      std::span(example.inputs.context).subspan(loan * width, width));
  }

  testing::CredibilityExample example;
  Ensemble ensemble;
  std::vector<CredibilityPass> passes;
};

std::vector<float> RandomRow(std::size_t columns, std::mt19937_64& random) {
  std::vector<float> row;
  for (std::size_t i = 0; i < columns; ++i) {
    const auto draw = static_cast<float>(random() % 9) / 4.0F - 1.0F;
    row.push_back(random() % 7 == 0 ? std::numeric_limits<float>::quiet_NaN() : draw);
  }
  return row;
}

TEST_CASE("The parts of every member sum to its forecast") {
  for (const auto variant : {CredibilityVariant::kAdditive, CredibilityVariant::kDeep}) {
    const World world(variant, 5);
    std::mt19937_64 random(17);
    CredibilityPass::Scratch scratch;
    for (std::size_t loan = 0; loan < 40; ++loan) {
      const std::vector<float> own = RandomRow(kOwn, random);
      const std::vector<float> outcome = RandomRow(kOutcome, random);
      const std::vector<float> residual = RandomRow(kResidual, random);
      EnsembleInput input{own, outcome, residual, {0.1F, 0.2F, -0.1F, 0.3F}, loan % 2 == 0};
      const CredibilityQuestion heard = world.Question(loan);
      input.credibility = world.passes.front().Forecast(heard, scratch);
      const MemberForecasts forecasts = ForecastMembers(world.ensemble, input);
      const auto parts = ExplainMembers(world.ensemble, world.passes, input, heard);
      double mean = 0.0;
      for (std::size_t i = 0; i < kMembers; ++i) {
        INFO("member " << i << ", loan " << loan);
        CHECK_THAT(parts[i].Sum(), WithinAbs(forecasts.members[i], 1e-5));
        mean += world.ensemble.weights[i] * forecasts.members[i];
      }
      CHECK_THAT(WeightedParts(world.ensemble, parts).Sum(), WithinAbs(mean, 1e-5));
    }
  }
}

TEST_CASE("Edges get what the network says of its peers, each in its own relation") {
  const World world(CredibilityVariant::kAdditive, 9);
  const std::vector<float> own(kOwn, 0.5F);
  const std::vector<float> outcome(kOutcome, 0.0F);
  const std::vector<float> residual(kResidual, 0.5F);  // the mean that the ridge takes as 0
  CredibilityPass::Scratch scratch;
  const CredibilityQuestion heard = world.Question(3);
  EnsembleInput input{own, outcome, residual, {}, true};
  input.credibility = world.passes.front().Forecast(heard, scratch);
  const auto parts = ExplainMembers(world.ensemble, world.passes, input, heard);
  const ForecastParts& network = parts[static_cast<std::size_t>(Member::kCredibility)];
  CHECK(network.not_split == 0.0);
  std::vector<double> by_relation(kRelations, 0.0);
  double sum = 0.0;
  for (const PeerPart& peer : network.peers) {
    CHECK(peer.peer >= 0);
    by_relation[peer.relation] += peer.value;
    sum += peer.value;
  }
  CHECK_THAT(sum, WithinAbs(input.credibility, 1e-6));
  // Messages come as c, a, b; parts stand as a, b, c.
  CHECK_THAT(network.relations[2], WithinAbs(by_relation[0], 1e-12));
  CHECK_THAT(network.relations[0], WithinAbs(by_relation[1], 1e-12));
  CHECK_THAT(network.relations[1], WithinAbs(by_relation[2], 1e-12));
  // A loan's own features are all that own trees go by, and no edge is named.
  const ForecastParts& alone = parts[static_cast<std::size_t>(Member::kOwnTrees)];
  CHECK(alone.relations == std::vector<double>(kRelations, 0.0));
  CHECK(alone.peers.empty());
  CHECK(alone.nearest == 0.0);
}

}  // namespace
}  // namespace recoup::model
