#include "model/runtime/ensemble_forecast.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <vector>

#include "tests/unit/model/trees/random_trees.h"

namespace recoup::model {
namespace {

using Catch::Matchers::WithinAbs;

constexpr std::size_t kOwn = 2;  // columns; of one relation, with 5 and 2
constexpr std::size_t kOutcome = 5;
constexpr std::size_t kResidual = 2;

FlatTrees Constant(std::size_t columns, float value) {
  return FlatTrees::Make(columns, value, {}, {}).value();
}

// 1 if the column is at least `limit`, else 0.
FlatTrees Stump(std::size_t columns, std::size_t column, float limit) {
  return FlatTrees::Make(columns, 0.0F, {0},
                         {{.feature = static_cast<std::int32_t>(column), .left = 1, .value = limit},
                          {.value = 0.0F},
                          {.value = 1.0F}})
      .value();
}

// The sum of the columns times these weights, and the intercept.
RidgeRegression Ridge(double intercept, const std::vector<double>& weights) {
  const std::vector<double> zeros(weights.size(), 0.0);
  const std::vector<double> ones(weights.size(), 1.0);
  return RidgeRegression::FromParts({intercept, zeros, ones, weights}).value();
}

Ensemble Small() {
  Ensemble ensemble;
  ensemble.relations = {"lender"};
  ensemble.own_trees = {Constant(kOwn, 0.25F), Constant(kOwn, 0.5F)};
  ensemble.relational_trees = {Constant(kOwn + kOutcome + kResidual, 0.5F)};
  ensemble.nearest_trees = {Constant(kOwn + kResidual + kNearestColumns, 0.75F)};
  ensemble.own_ridge = Ridge(0.125, {0.5, 0.25});
  ensemble.residual_ridge = Ridge(0.0625, {1.0, 2.0});
  ensemble.weights = {0.2, 0.2, 0.2, 0.2, 0.2};
  return ensemble;
}

double Of(const MemberForecasts& forecasts, Member member) {
  return forecasts.members[static_cast<std::size_t>(member)];
}

MemberForecasts Packed(const Ensemble& ensemble, const EnsembleInput& input) {
  OrderedRow row;
  return PackedMembers(ensemble, input.own.size()).Forecast(input, row);
}

TEST_CASE("Members forecast as worked by hand, with history and without") {
  const std::vector<float> own = {1.0F, 1.0F};  // of which the ridge expects 0.875
  const std::vector<float> outcome(kOutcome);
  const std::vector<float> residual = {0.5F, -0.125F};  // which add 0.0625 + 0.5 - 0.25 = 0.3125
  EnsembleInput input{own, outcome, residual, {}, true, -0.5};
  MemberForecasts forecasts = ForecastMembers(Small(), input);
  CHECK(forecasts.base == 0.375);                                            // (0.25 + 0.5) / 2
  CHECK(forecasts.members == std::array{0.375, 0.5, 0.75, 0.6875, -0.125});  // not cut
  CHECK(ForecastBase(Small(), own, true) == forecasts.base);
  input.has_history = false;
  forecasts = ForecastMembers(Small(), input);
  CHECK(forecasts.base == 0.625);  // (0.375 + 0.875) / 2; the trees stay alone
  CHECK(forecasts.members == std::array{0.375, 0.5, 0.75, 0.9375, 0.125});
  CHECK(ForecastBase(Small(), own, false) == forecasts.base);
}

TEST_CASE("Every column of a member's row is the one that its trees learnt on") {
  const std::vector<float> own = {1.0F, 2.0F};
  const std::vector<float> outcome = {3.0F, 4.0F, 5.0F, 6.0F, 7.0F};
  const std::vector<float> residual = {8.0F, 9.0F};
  const EnsembleInput input{own, outcome, residual, {10.0F, 11.0F, 12.0F, 13.0F}};
  const auto reads = [&input](auto trees, Member member, const std::vector<float>& row) {
    Ensemble ensemble = Small();
    for (std::size_t column = 0; column < row.size(); ++column) {
      ensemble.*trees = {Stump(row.size(), column, row[column])};
      REQUIRE(Of(ForecastMembers(ensemble, input), member) == 1.0);
      REQUIRE(Of(Packed(ensemble, input), member) == 1.0);
      ensemble.*trees = {Stump(row.size(), column, row[column] + 0.5F)};
      REQUIRE(Of(ForecastMembers(ensemble, input), member) == 0.0);
      REQUIRE(Of(Packed(ensemble, input), member) == 0.0);
    }
  };
  reads(&Ensemble::own_trees, Member::kOwnTrees, {1, 2});
  reads(&Ensemble::relational_trees, Member::kRelationalTrees, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  reads(&Ensemble::nearest_trees, Member::kNearestTrees, {1, 2, 8, 9, 10, 11, 12, 13});
}

std::vector<FlatTrees> SomeTrees(RandomTrees& random, std::size_t columns) {
  std::vector<FlatTrees> seeds;
  for (std::size_t seed = 0; seed < 2; ++seed) {
    seeds.push_back(random.Trees({columns, 1 + random.Below(40), 30}));
  }
  return seeds;
}

TEST_CASE("Packed members forecast the same bytes, one loan after the other") {
  constexpr std::size_t kColumns = 5;
  constexpr std::size_t kRelations = 2;
  RandomTrees random(1);
  OrderedRow row;
  for (int round = 0; round < 30; ++round) {
    Ensemble ensemble = Small();
    ensemble.relations = {"court", "lender"};
    const std::size_t outcome = kOutcome * kRelations;
    const std::size_t residual = kResidual * kRelations;
    ensemble.own_trees = SomeTrees(random, kColumns);
    ensemble.relational_trees = SomeTrees(random, kColumns + outcome + residual);
    ensemble.nearest_trees = SomeTrees(random, kColumns + residual + kNearestColumns);
    ensemble.own_ridge = Ridge(0.125, std::vector<double>(kColumns, 0.3));
    ensemble.residual_ridge = Ridge(0.0625, std::vector<double>(residual, 0.7));
    const PackedMembers packed(ensemble, kColumns);
    for (int loan = 0; loan < 20; ++loan) {
      const auto own = random.Row(kColumns);
      const auto outcomes = random.Row(outcome);
      const auto residuals = random.Row(residual);
      const auto nearest = random.Row(kNearestColumns);
      EnsembleInput input{own, outcomes, residuals, {}, random.Below(2) == 0, 0.3};
      std::copy(nearest.begin(), nearest.end(), input.nearest.begin());
      const MemberForecasts expected = ForecastMembers(ensemble, input);
      const MemberForecasts found = packed.Forecast(input, row);
      REQUIRE(found.base == expected.base);
      REQUIRE(found.members == expected.members);
    }
  }
}

TEST_CASE("The mean cuts every member to [0, 1] and weighs it") {
  MemberForecasts forecasts;
  forecasts.base = 9.0;  // has no say
  forecasts.members = {-1.0, 3.0, 0.5, 0.25, 0.75};
  // (0 + 1 + 0.5 + 0.25 + 0.75) / 5
  CHECK_THAT(WeightedMean(Small().weights, forecasts), WithinAbs(0.5, 1e-15));
  CHECK(WeightedMean({0.5, 0.25, 0.0, 0.25, 0.0}, forecasts) == 0.3125);  // 0.25 + 0.0625
}

TEST_CASE("The network's context is the base, cut, and the residual aggregates, 0 where missing") {
  const std::vector<float> residual = {0.5F, std::nanf(""), -0.25F, std::nanf("")};
  CHECK(NetworkContext(0.75, residual) == std::vector<float>{0.75F, 0.5F, 0.0F, -0.25F, 0.0F});
  CHECK(NetworkContext(-0.5, {}) == std::vector<float>{0.0F});
  CHECK(NetworkContext(1.5, {}) == std::vector<float>{1.0F});
  CHECK(NetworkContext(0.5, residual).size() == NetworkContextWidth(2));
}

}  // namespace
}  // namespace recoup::model
