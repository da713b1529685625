#include "model/evaluation/ensemble_rows.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "tests/unit/model/evaluation/fake_plugin.h"
#include "tests/unit/model/evaluation/loan_world.h"
#include "tests/unit/model/learning/peer_world.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using Names = std::vector<std::string>;

const NewGroups kNewLenders{"out.originated_by.party", 0, 3};

struct World {
  explicit World(std::unique_ptr<graph::GraphStore> made, const ScenarioOptions& scenario = {},
                 const SplitOptions& split = {})
      : store(std::move(made)), data(PrepareData(*store, split, {}, {}, scenario).value()) {
    options.seeds = 1;
    options.ensemble = testing::SmallWalk().ensemble;
  }

  /// Lenders matter, and some of the learnt loans have an expectation by a model to err from.
  static World WithLenders(const ScenarioOptions& scenario = {}) {
    return World(testing::PeerWorld(1500, 1).Store(), scenario);
  }

  /// 20 lenders that do not matter.
  static World OfLoans(std::size_t loans, const ScenarioOptions& scenario = {},
                       const SplitOptions& split = {}) {
    return World(testing::MakeLoanWorld(loans), scenario, split);
  }

  LoanBook Book() const { return ReadLoanBook(*store, data.example_options()).value(); }

  EvaluationTable Rows(const NetworkPlugin* plugin) const {
    const NetworkSource network{.plugin = plugin, .absent_because = "LibTorch is not installed"};
    Comparison comparison;
    const auto added = AddEnsembleRows({*store, data, network, options}, {}, comparison);
    if (!added.has_value()) FAIL(added.error().message);
    return comparison.Finish(*store, data, {.draws = 50, .fewest_clusters = 2}, 1).value();
  }

  std::unique_ptr<graph::GraphStore> store;
  PreparedData data;
  EvaluateOptions options;
};

Names NamesOf(const EvaluationTable& table) {
  Names names;
  for (const EvaluationRow& row : table.rows) names.push_back(row.model);
  return names;
}

Names Members(const std::string& prefix = {}) {
  Names names;
  for (std::size_t i = 0; i < kMembers; ++i) {
    names.push_back(prefix + std::string(MemberName(static_cast<Member>(i))));
  }
  return names;
}

Names Join(std::initializer_list<Names> lists) {
  Names all;
  for (const Names& names : lists) all.insert(all.end(), names.begin(), names.end());
  return all;
}

TEST_CASE("Base, members, ensemble and what is left without each part stand in this order") {
  const World world = World::WithLenders();
  const testing::FakePlugin plugin;
  const EvaluationTable table = world.Rows(&plugin);
  CHECK(NamesOf(table) ==
        Join({{"base"},
              Members(),
              {"ensemble", "ensemble without network", "network that sees the base"},
              Members("ensemble without "),
              {"ensemble with shuffled edges", "ensemble without edges"}}));
  for (const EvaluationRow& row : table.rows) {
    INFO(row.model);
    REQUIRE(row.figures.has_value());
    CHECK(row.figures->r_squared > 0.4);  // the size alone
    CHECK(row.figures->coverage80 > 0.6);
  }
  CHECK(table.Find("ensemble")->to_second->r_squared.lower > 0.0);  // lenders are heard
  CHECK(table.Find("ensemble without edges")->to_second->r_squared.upper < 0.0);
  CHECK(table.Find("ensemble with shuffled edges")->to_second->r_squared.upper < 0.0);
  CHECK(table.Find("ensemble")->to_second->compared_with == "base");
  CHECK(table.Find("base + residual ridge")->to_second->compared_with == "base");
  CHECK(table.Find("ensemble without edges")->to_second->compared_with == "ensemble");
  CHECK(table.Find("ensemble without trees, relational")->to_second->compared_with == "ensemble");
}

TEST_CASE("The network of the ensemble sees what the base expects and the peers say") {
  const World world = World::WithLenders();
  const testing::FakePlugin plugin;
  world.Rows(&plugin);
  REQUIRE(plugin.seen.size() == 1);
  CHECK(plugin.seen[0].training == world.data.training.size());
  for (const EncodedNeighbourhood& input : plugin.seen[0].last_inputs) {
    REQUIRE(input.context.size() > 1);
    CHECK(input.context.size() % 2 == 1);  // one, and two a relation
    // Small loans bring .3 on average, large ones .7.
    CHECK((input.context[0] > 0.5) == testing::IsLarge(input));
  }
}

TEST_CASE("Without a plug-in the credibility network is absent and the others share its weight") {
  const World world = World::WithLenders();
  const EvaluationTable table = world.Rows(nullptr);
  const EvaluationRow* absent = table.Find("base + credibility network");
  REQUIRE(absent != nullptr);
  CHECK_FALSE(absent->figures.has_value());
  CHECK(absent->absent_because == "LibTorch is not installed");
  CHECK(table.Find("ensemble without base + credibility network") == nullptr);
  CHECK(table.Find("ensemble without network") == nullptr);
  CHECK(table.Find("network that sees the base") == nullptr);
  CHECK(table.Find("ensemble")->figures->r_squared > 0.6);
}

TEST_CASE("Where no expectation was there to err, the credibility network says why it is absent") {
  const World small = World::OfLoans(400);  // fewer than 500 outcomes: no refit before the end
  const testing::FakePlugin plugin;
  const EvaluationTable table = small.Rows(&plugin);
  CHECK(table.Find("base + credibility network")->absent_because ==
        "no relation speaks to enough of the loans");
  CHECK(table.Find("ensemble")->figures.has_value());
}

TEST_CASE("Groups never heard of silence the network, heard ones do not") {
  ScenarioOptions scenario{.new_groups = kNewLenders};
  const testing::FakePlugin plugin;
  CHECK(World::OfLoans(400, scenario).Rows(&plugin).Find("network that sees the base") == nullptr);
  CHECK(plugin.seen.empty());
  scenario.new_groups->are_heard = true;
  CHECK(World::OfLoans(400, scenario).Rows(&plugin).Find("network that sees the base") != nullptr);
}

TEST_CASE("The rows can be stopped while they are made") {
  const World world = World::OfLoans(300);
  std::atomic<bool> stop = false;
  const Observer observer{
      [&](const EvaluationProgress& at) { stop = at.stage == "ensemble with shuffled edges"; },
      &stop};
  const NetworkSource network;
  Comparison comparison;
  const auto added =
      AddEnsembleRows({*world.store, world.data, network, world.options}, observer, comparison);
  REQUIRE_FALSE(added.has_value());
  CHECK(added.error().code == ErrorCode::kCancelled);
}

}  // namespace
}  // namespace recoup::model
