#include "model/learning/fit_ensemble.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <iterator>
#include <set>

#include "model/learning/credibility_case.h"
#include "tests/unit/model/learning/fitting_world.h"

namespace recoup::model {
namespace {

using testing::BitsOf;
using testing::Fitted;
using testing::FittingWorld;
using testing::PeerWorld;
using testing::RowOf;
using testing::SmallWalk;
using testing::WorldLoan;

std::vector<std::uint32_t> LearntLoans(const FittingWorld& world) {
  return LearntBefore(world.book, world.walk, world.walk.cuts.back());
}

// Of the learnt loans those that a model had an expectation of before their outcome.
std::vector<std::uint32_t> Residuals(const FittingWorld& world) {
  std::vector<std::uint32_t> loans;
  for (const std::uint32_t loan : LearntLoans(world)) {
    if (world.book.examples[loan].as_of >= world.walk.cuts.front()) loans.push_back(loan);
  }
  return loans;
}

Table Joined(const Table& own, const std::vector<std::uint32_t>& loans,
             const std::vector<const Table*>& of_book) {
  Table joined{own.columns, {}};
  for (const Table* table : of_book) {
    joined.columns.insert(joined.columns.end(), table->columns.begin(), table->columns.end());
  }
  for (std::size_t i = 0; i < loans.size(); ++i) {
    const auto own_row = RowOf(own, i);
    joined.values.insert(joined.values.end(), own_row.begin(), own_row.end());
    for (const Table* table : of_book) {
      const auto row = RowOf(*table, loans[i]);
      joined.values.insert(joined.values.end(), row.begin(), row.end());
    }
  }
  return joined;
}

TEST_CASE("Every member is grown on the columns that it will see, from the learnt loans") {
  const FittingWorld world;
  const FittedEnsemble fitted = Fitted(world.Task());
  const Ensemble& ensemble = fitted.ensemble;
  const BaseModel& base = world.timeline.bases.back();
  const Timeline& timeline = world.timeline;
  CHECK(fitted.schema == base.schema);
  CHECK(ensemble.own_trees == base.trees);
  CHECK(ensemble.own_ridge == base.ridge);
  CHECK(ensemble.metric == MetricOf(base.trees.front()));
  CHECK(ensemble.relations == timeline.relations);
  CHECK(ensemble.history_relations == timeline.history_relations);
  CHECK(ensemble.labels_before == world.walk.cuts.back());

  const auto loans = LearntLoans(world);
  const Table own = EncodeLoans(world.book, base.schema, loans).table;
  const std::vector<double> outcomes = OutcomesOf(world.book, loans);
  Table nearest{{"a", "b", "c", "d"}, {}};
  for (const auto& row : timeline.nearest) {
    nearest.values.insert(nearest.values.end(), row.begin(), row.end());
  }
  const auto grown = [&](const std::vector<const Table*>& of_book) {
    EnsembleOptions options = world.walk.ensemble;
    options.boosting.max_depth = base.depth;
    return GrowTrees(Joined(own, loans, of_book), outcomes, options, nullptr).value();
  };
  CHECK(ensemble.relational_trees == grown({&timeline.outcome, &timeline.residual}));
  CHECK(ensemble.nearest_trees == grown({&timeline.residual, &nearest}));
}

TEST_CASE("Members' trees are as deep as was chosen for the base") {
  FittingWorld world;
  world.timeline.bases.back().depth = 1;
  const Ensemble ensemble = Fitted(world.Task()).ensemble;
  for (const FlatTrees* trees :
       {&ensemble.relational_trees.front(), &ensemble.nearest_trees.front()}) {
    CHECK(trees->trees() == 8);
    CHECK(trees->nodes().size() == 3 * trees->trees());  // stumps
  }
}

TEST_CASE("The ridge on residuals learns what was missed by those who did not know") {
  const FittingWorld world;
  const auto loans = Residuals(world);
  REQUIRE(loans.size() > 40);
  REQUIRE(loans.size() < LearntLoans(world).size());
  std::vector<double> missed;
  for (const std::uint32_t loan : loans) {
    missed.push_back(world.book.examples[loan].recovery_rate -
                     static_cast<double>(world.timeline.expected[loan]));
  }
  const Table rows = Joined({}, loans, {&world.timeline.residual});
  CHECK(Fitted(world.Task()).ensemble.residual_ridge ==
        RidgeProblem(rows, missed).Solve(world.walk.ensemble.ridge_penalty).value());
}

TEST_CASE("The credibility network is trained on the same residuals, once a seed") {
  TimelineOptions walk = SmallWalk();
  walk.ensemble.seeds = 2;
  const FittingWorld world(PeerWorld(), walk);
  FittingTask task = world.Task();
  task.credibility.seed = 5;
  const FittedEnsemble fitted = Fitted(task);
  const Ensemble& ensemble = fitted.ensemble;
  REQUIRE(ensemble.message_relations == MessageRelations(world.timeline, LearntLoans(world)));
  REQUIRE_FALSE(ensemble.message_relations.empty());
  CHECK(ensemble.variant == CredibilityVariant::kDeep);
  CHECK(ensemble.weights == Ensemble::Weights{0.2, 0.2, 0.2, 0.2, 0.2});
  REQUIRE(world.plugin.seen.size() == 2);
  const auto loans = Residuals(world);
  const CredibilityCase made = MakeCredibilityCase(task, fitted, loans);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& seen = world.plugin.seen[i];
    CHECK(seen.options.seed == 5 + i);
    CHECK(seen.inputs.loans == loans);
    CHECK(seen.inputs.slots.peers == made.inputs.slots.peers);
    CHECK(BitsOf(seen.inputs.context) == BitsOf(made.inputs.context));
    for (std::size_t loan = 0; loan < loans.size(); ++loan) {
      CHECK(seen.targets[loan] == world.book.examples[loans[loan]].recovery_rate -
                                      static_cast<double>(world.timeline.expected[loans[loan]]));
    }
    CHECK(CheckCredibility(ensemble.credibility.at(i), ensemble.variant, seen.rows,
                           ensemble.message_relations.size(), seen.inputs.context_width)
              .has_value());
  }
  CHECK(ensemble.own_trees.size() == 2);
  CHECK(ensemble.relational_trees.size() == 2);
}

TEST_CASE("Without the plug-in its member has no say, and the others share its weight") {
  const FittingWorld world;
  FittingTask task = world.Task();
  task.plugin = nullptr;
  const Ensemble ensemble = Fitted(task).ensemble;
  CHECK(ensemble.credibility.empty());
  CHECK(ensemble.weights == Ensemble::Weights{0.25, 0.25, 0.25, 0.25, 0.0});
}

TEST_CASE("Without edges there is nobody to listen to") {
  TimelineOptions walk = SmallWalk();
  walk.without_edges = true;
  const FittingWorld world(PeerWorld(), walk);
  const Ensemble ensemble = Fitted(world.Task()).ensemble;
  CHECK(ensemble.credibility.empty());
  CHECK(world.plugin.seen.empty());
  CHECK(ensemble.message_relations.empty());
  CHECK(ensemble.residual_ridge.weights().empty());
  CHECK(ensemble.weights.back() == 0.0);
  CHECK(ensemble.relational_trees == ensemble.own_trees);  // of the same columns
}

TEST_CASE("Where the walk has grown fewer seeds than are wanted, own trees are grown anew") {
  TimelineOptions walk = SmallWalk();
  const FittingWorld world(PeerWorld(), walk);
  walk.ensemble.seeds = 2;
  const FittingTask wanted{.book = world.book,
                           .timeline = world.timeline,
                           .walk = walk,
                           .base = 1,
                           .day = walk.cuts.back()};
  const Ensemble ensemble = Fitted(wanted).ensemble;
  REQUIRE(ensemble.own_trees.size() == 2);
  CHECK(ensemble.own_trees.front() == world.timeline.bases.back().trees.front());
  CHECK_FALSE(ensemble.own_trees[0] == ensemble.own_trees[1]);
}

TEST_CASE("Outcomes known on the day or later change nothing of the ensemble") {
  const PeerWorld world;
  std::set<Date> known;
  for (const WorldLoan& loan : world.loans) known.insert(loan.known_at);
  TimelineOptions walk = SmallWalk();
  const auto day = known.lower_bound(walk.cuts.back());  // on which an outcome becomes known
  walk.cuts.back() = *day;
  const auto altered_from = [&](Date from) {
    PeerWorld other = world;
    for (WorldLoan& loan : other.loans) {
      if (loan.known_at >= from) loan.recovery_rate = 1.0 - loan.recovery_rate;
    }
    const FittingWorld fitting(other, walk);
    return Fitted(fitting.Task());
  };
  const FittingWorld fitting(world, walk);
  const FittedEnsemble fitted = Fitted(fitting.Task());
  const FittedEnsemble same = altered_from(*day);
  CHECK(fitted.ensemble == same.ensemble);
  CHECK(fitted.schema == same.schema);
  CHECK_FALSE(fitted.ensemble == altered_from(*std::prev(day)).ensemble);
}

TEST_CASE("A forecast is what the members say of the timeline's rows") {
  const FittingWorld world;
  const FittingTask task = world.Task();
  const FittedEnsemble fitted = Fitted(task);
  const std::vector<std::uint32_t> loans = {230, 4, 111};
  const auto forecasts = ForecastLoans(task, fitted, loans);
  REQUIRE(forecasts.has_value());
  REQUIRE(forecasts->size() == loans.size());
  const auto corrections = CredibilityCorrections(task, fitted, loans);
  const Table own = EncodeLoans(world.book, fitted.schema, loans).table;
  for (std::size_t i = 0; i < loans.size(); ++i) {
    const MemberForecasts members =
        ForecastMembers(fitted.ensemble,
                        {RowOf(own, i), RowOf(world.timeline.outcome, loans[i]),
                         RowOf(world.timeline.residual, loans[i]), world.timeline.nearest[loans[i]],
                         world.timeline.has_history[loans[i]] != 0, (*corrections)[i]});
    CHECK((*forecasts)[i].base == members.base);
    CHECK((*forecasts)[i].members == members.members);
  }
}

TEST_CASE("A loan's context is its expectation, or the prior where there is none") {
  const FittingWorld world;
  const auto none = std::find_if(world.timeline.expected.begin(), world.timeline.expected.end(),
                                 [](float expected) { return std::isnan(expected); });
  REQUIRE(none != world.timeline.expected.end());
  const auto unexpected = static_cast<std::uint32_t>(none - world.timeline.expected.begin());
  for (const std::uint32_t loan : {unexpected, 230U}) {
    const float expected = world.timeline.expected[loan];
    const std::vector<float> context = ContextOfLoan(world.timeline, 0.375, loan);
    CHECK(BitsOf(context) == BitsOf(NetworkContext(std::isnan(expected) ? 0.375 : expected,
                                                   RowOf(world.timeline.residual, loan))));
    CHECK(std::none_of(context.begin(), context.end(), [](float x) { return std::isnan(x); }));
  }
}

TEST_CASE("An ensemble that is told to stop is cancelled") {
  const FittingWorld world;
  const std::atomic<bool> stop = true;
  const auto fitted = FitEnsemble(world.Task(), {{}, &stop});
  REQUIRE_FALSE(fitted.has_value());
  CHECK(fitted.error().code == ErrorCode::kCancelled);
}

}  // namespace
}  // namespace recoup::model
