#include "model/evaluation/bootstrap.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>
#include <vector>

#include "model/evaluation/conformal.h"
#include "model/evaluation/counter_random.h"
#include "model/evaluation/metrics.h"
#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using Values = std::vector<double>;

/// Forecasts of a model that is right but for a little noise, and of one that is right but for more
/// and errs together within each group.
struct Slice {
  Values outcomes;
  Values model;
  Values baseline;
  std::vector<std::uint64_t> clusters;

  PairedForecasts Paired() const { return {outcomes, model, baseline, clusters}; }
};

Slice MakeSlice(std::size_t loans, std::uint64_t groups) {
  Slice slice;
  for (std::size_t i = 0; i < loans; ++i) {
    const std::uint64_t group = CounterRandom(1, 9, i) % groups;
    slice.outcomes.push_back(testing::Draw(1, i));
    slice.model.push_back(slice.outcomes[i] + 0.2 * (testing::Draw(2, i) - 0.5));
    slice.baseline.push_back(slice.outcomes[i] + 0.6 * (testing::Draw(3, group) - 0.5));
    slice.clusters.push_back(group * 1000);
  }
  return slice;
}

double BruteForceDraw(const Slice& slice, std::uint64_t seed, std::uint64_t draw) {
  std::vector<std::uint64_t> order;  // of first appearance
  for (const std::uint64_t cluster : slice.clusters) {
    if (std::find(order.begin(), order.end(), cluster) == order.end()) order.push_back(cluster);
  }
  Slice drawn;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::uint64_t cluster = order[Below(CounterRandom(seed, draw, k), order.size())];
    for (std::size_t i = 0; i < slice.clusters.size(); ++i) {
      if (slice.clusters[i] != cluster) continue;
      drawn.outcomes.push_back(slice.outcomes[i]);
      drawn.model.push_back(slice.model[i]);
      drawn.baseline.push_back(slice.baseline[i]);
    }
  }
  return RSquared(drawn.outcomes, drawn.model) - RSquared(drawn.outcomes, drawn.baseline);
}

TEST_CASE("Sums per cluster give what resampling the loans themselves gives") {
  const Slice slice = MakeSlice(120, 25);
  Values differences;
  for (std::uint64_t draw = 0; draw < 200; ++draw) {
    differences.push_back(BruteForceDraw(slice, 5, draw));
  }
  std::sort(differences.begin(), differences.end());
  const DifferenceEstimate estimate =
      BootstrapR2Difference(slice.Paired(), {.draws = 200, .confidence = 0.9, .seed = 5});
  CHECK(estimate.value ==
        Approx(RSquared(slice.outcomes, slice.model) - RSquared(slice.outcomes, slice.baseline)));
  CHECK(estimate.lower == Approx(InterpolatedQuantile(differences, 0.05)));
  CHECK(estimate.upper == Approx(InterpolatedQuantile(differences, 0.95)));
}

TEST_CASE("A model does not differ from itself") {
  const Slice slice = MakeSlice(100, 30);
  const DifferenceEstimate estimate =
      BootstrapR2Difference({slice.outcomes, slice.model, slice.model, slice.clusters}, {});
  CHECK(estimate.value == 0.0);
  CHECK(estimate.lower == 0.0);
  CHECK(estimate.upper == 0.0);
}

TEST_CASE("Another seed changes the interval a little and the value not at all") {
  const Slice slice = MakeSlice(400, 40);
  const DifferenceEstimate one = BootstrapR2Difference(slice.Paired(), {.seed = 1});
  const DifferenceEstimate again = BootstrapR2Difference(slice.Paired(), {.seed = 1});
  const DifferenceEstimate other = BootstrapR2Difference(slice.Paired(), {.seed = 2});
  CHECK(one.lower == again.lower);
  CHECK(one.upper == again.upper);
  CHECK(one.value == other.value);
  CHECK(one.lower != other.lower);
  CHECK(one.lower == Approx(other.lower).margin(0.05));
}

TEST_CASE("Names of the clusters do not matter") {
  Slice slice = MakeSlice(100, 30);
  const DifferenceEstimate before = BootstrapR2Difference(slice.Paired(), {});
  for (std::uint64_t& cluster : slice.clusters) cluster = Mix(cluster);
  const DifferenceEstimate after = BootstrapR2Difference(slice.Paired(), {});
  CHECK(before.lower == after.lower);
  CHECK(before.upper == after.upper);
}

TEST_CASE("Errors that are shared within a cluster widen the interval") {
  const Slice slice = MakeSlice(2000, 40);
  Slice singles = slice;
  for (std::size_t i = 0; i < singles.clusters.size(); ++i) singles.clusters[i] = i;
  const DifferenceEstimate clustered = BootstrapR2Difference(slice.Paired(), {});
  const DifferenceEstimate single = BootstrapR2Difference(singles.Paired(), {});
  CHECK(clustered.upper - clustered.lower > 2.0 * (single.upper - single.lower));
}

TEST_CASE("Loans are grouped by lender, and those without one stand alone") {
  const auto store = testing::MakeLoanWorld(60);
  graph::FactBatch batch;
  batch.facts = {
      graph::NodeFact{.node = testing::Loan(60),
                      .attributes = {},
                      .dates = {testing::Day("2000-01-01"), testing::Day("2000-01-01")}}};
  REQUIRE(store->Apply(batch).has_value());
  const auto view = store->ViewAsOf(Date::Max());
  std::vector<Example> examples;
  for (std::size_t i = 0; i <= 60; ++i) {
    examples.push_back({view->Find(testing::Loan(i)).value(), Date(), Date(), 0.0});
  }
  const auto clusters = ChooseClusters(*store, examples, 20);
  REQUIRE(clusters.has_value());
  const std::vector<std::uint64_t>& of_loan = clusters->of_loan;
  CHECK(clusters->unit == ClusterUnit::kLender);
  CHECK(of_loan.at(0) == of_loan.at(20));
  CHECK(of_loan.at(0) != of_loan.at(1));
  CHECK(std::set(of_loan.begin(), of_loan.end()).size() == 21);
  CHECK(clusters->count == 21);
}

TEST_CASE("Where there are fewer than 20 lenders, loans are grouped by their debtors") {
  const auto store = testing::MakeLoanWorld(60, 19);
  const auto view = store->ViewAsOf(Date::Max());
  std::vector<Example> examples;
  for (std::size_t i = 0; i < 60; ++i) {
    examples.push_back({view->Find(testing::Loan(i)).value(), Date(), Date(), 0.0});
  }
  const auto clusters = ChooseClusters(*store, examples, 20);
  REQUIRE(clusters.has_value());
  CHECK(clusters->unit == ClusterUnit::kComponent);
  CHECK(clusters->of_loan.at(0) == clusters->of_loan.at(1));   // share a borrower
  CHECK(clusters->of_loan.at(0) != clusters->of_loan.at(19));  // share a lender
  CHECK(clusters->count == 30);
}

TEST_CASE("A loan that was removed stays with its lender, or with its debtor") {
  for (const std::size_t lenders : {20, 1}) {
    const auto store = testing::MakeLoanWorld(60, lenders);
    const auto examples = CollectExamples(*store).value().examples;
    const auto before = ChooseClusters(*store, examples, 20).value();
    testing::RemoveLoan(0, *store);
    CHECK(ChooseClusters(*store, examples, 20).value().of_loan == before.of_loan);
  }
}

TEST_CASE("Fewer than 20 clusters give a difference without bounds, not a false certainty") {
  const Slice one = MakeSlice(100, 1);
  const DifferenceEstimate estimate = BootstrapR2Difference(one.Paired(), {});
  CHECK(estimate.value ==
        Approx(RSquared(one.outcomes, one.model) - RSquared(one.outcomes, one.baseline)));
  CHECK(std::isnan(estimate.lower));
  CHECK(std::isnan(estimate.upper));
  CHECK(std::isnan(BootstrapR2Difference(MakeSlice(400, 19).Paired(), {}).lower));
  CHECK_FALSE(std::isnan(BootstrapR2Difference(MakeSlice(400, 20).Paired(), {}).lower));
}

}  // namespace
}  // namespace recoup::model
