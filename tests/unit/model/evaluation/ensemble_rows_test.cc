#include "model/evaluation/ensemble_rows.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>
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

TEST_CASE("Examples are found in the book wherever they stand") {
  const World world = World::OfLoans(100);
  const LoanBook book = world.Book();
  const std::vector<Example> asked = {book.examples[40], book.examples[3], book.examples[99]};
  CHECK(PositionsIn(book, asked) == std::vector<std::uint32_t>{40, 3, 99});
}

TEST_CASE("A member left out gives its weight to the others in proportion") {
  Ensemble ensemble;
  ensemble.weights = {0.5, 0.3, 0.2, 0.0, 0.0};
  const std::vector<MemberForecasts> forecasts = {{0.9, {0.2, 0.6, 1.4, 0.0, 0.0}}};
  // .5 * .2 + .3 * .6 + .2 * 1, because 1.4 is cut to 1.
  CHECK(MeansOf(ensemble, forecasts)[0] == Approx(0.48));
  // (.3 * .6 + .2 * 1) / .5
  CHECK(MeansOf(ensemble, forecasts, 0)[0] == Approx(0.76));
  CHECK(MeansOf(ensemble, forecasts, 4)[0] == Approx(0.48));
}

TEST_CASE("Each member has the R2 of its own and that of the others") {
  Ensemble ensemble;
  ensemble.weights = {0.5, 0.5, 0.0, 0.0, 0.0};
  // The first is right up to what is cut off, the second says the opposite.
  const std::vector<MemberForecasts> forecasts = {{0.5, {-0.3, 1.0, 0.5, 0.5, 0.5}},
                                                  {0.5, {1.3, 0.0, 0.5, 0.5, 0.5}}};
  const auto shares = SharesOfMembers(ensemble, forecasts, std::vector<double>{0.0, 1.0});
  REQUIRE(shares.size() == kMembers);
  CHECK(shares[0].name == "trees, own features");
  CHECK(shares[0].weight == 0.5);
  CHECK(shares[0].r_squared == Approx(1.0));
  CHECK(shares[0].without_it == Approx(-3.0));  // 1 - 2 / .5
  CHECK(shares[1].r_squared == Approx(-3.0));
  CHECK(shares[1].without_it == Approx(1.0));
  CHECK(shares[2].r_squared == Approx(0.0));
  CHECK(shares[2].without_it == Approx(0.0));  // .5 for both
}

TEST_CASE("Learning ends where training does") {
  CHECK(LearnBefore(World::OfLoans(200).data) == testing::ValuedOn(120).PlusDays(180));
  const World mixed = World::OfLoans(200, {}, {.kind = SplitKind::kByComponent});
  Date last = Date::Min();
  for (const Example& example : mixed.data.training) {
    last = std::max(last, example.outcome_known_at);
  }
  CHECK(LearnBefore(mixed.data) == last.PlusDays(1));
}

std::size_t Flags(const std::vector<char>& flags) {
  return static_cast<std::size_t>(std::count(flags.begin(), flags.end(), 1));
}

TEST_CASE("A split by date keeps nothing apart: what is known is known") {
  const World world = World::OfLoans(200);
  LearnOptions options;
  KeepApart(world.data, world.Book(), &options);
  CHECK(options.silent.empty());
  CHECK(options.not_learnt.empty());
}

TEST_CASE("A split by component silences all but training") {
  const World world = World::OfLoans(200, {}, {.kind = SplitKind::kByComponent});
  const LoanBook book = world.Book();
  LearnOptions options;
  KeepApart(world.data, book, &options);
  CHECK(options.not_learnt.empty());
  CHECK(Flags(options.silent) == 200 - world.data.training.size());
  for (const std::uint32_t loan : PositionsIn(book, world.data.training)) {
    REQUIRE(options.silent[loan] == 0);
  }
}

TEST_CASE("New groups are silent, or speak without being learnt from if they are heard") {
  ScenarioOptions scenario{.new_groups = kNewLenders};
  for (const bool heard : {false, true}) {
    scenario.new_groups->are_heard = heard;
    const World world = World::OfLoans(200, scenario);
    const LoanBook book = world.Book();
    LearnOptions options;
    KeepApart(world.data, book, &options);
    const std::vector<char>& flags = heard ? options.not_learnt : options.silent;
    CHECK((heard ? options.silent : options.not_learnt).empty());
    REQUIRE(flags.size() == 200);
    // Banks 8, 14 and 18 of the 20 leave 0.
    CHECK(Flags(flags) == 30);
    for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
      const std::size_t bank = std::stoul(book.records[loan].key.external_id.substr(1)) % 20;
      REQUIRE((flags[loan] != 0) == (bank == 8 || bank == 14 || bank == 18));
    }
  }
}

TEST_CASE("Shuffled edges are those of another loan of the same outcome year") {
  const World world = World::OfLoans(400);
  const LoanBook book = world.Book();
  const LoanBook shuffled = WithShuffledEdges(book, 1);
  REQUIRE(shuffled.size() == book.size());
  CHECK(shuffled.examples == book.examples);
  CHECK(shuffled.records == book.records);
  const auto edges_by_year = [](const LoanBook& of) {
    std::map<int, std::multiset<std::vector<GroupCatalog::Member>>> years;
    for (std::size_t loan = 0; loan < of.size(); ++loan) {
      const auto members = of.MembersOf(loan);
      years[of.examples[loan].outcome_known_at.year()].emplace(members.begin(), members.end());
    }
    return years;
  };
  CHECK(edges_by_year(book).size() > 3);
  CHECK(edges_by_year(shuffled) == edges_by_year(book));
  std::size_t moved = 0;
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    moved += std::ranges::equal(shuffled.MembersOf(loan), book.MembersOf(loan)) ? 0 : 1;
  }
  CHECK(moved > 380);
  CHECK(WithShuffledEdges(book, 1).members == shuffled.members);
  CHECK_FALSE(WithShuffledEdges(book, 2).members == shuffled.members);
}

}  // namespace
}  // namespace recoup::model
