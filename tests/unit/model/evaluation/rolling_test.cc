#include "model/evaluation/rolling.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.h"
#include "tests/unit/model/evaluation/fake_plugin.h"
#include "tests/unit/model/evaluation/loan_world.h"
#include "tests/unit/model/learning/peer_world.h"

namespace recoup::model {
namespace {

using testing::Day;
using testing::PeerWorld;
using Names = std::vector<std::string>;

/// A loan a day from 2002-11-09 to 2006-02-20.
PeerWorld DailyWorld() { return PeerWorld(1200, 1); }

/// Refits on 2004-01-01, 2004-07-01, ..., 2006-01-01; the network every other time.
RollingOptions Small() {
  RollingOptions options;
  options.from = Day("2004-01-01");
  options.scored_from = Day("2004-07-01");
  options.fit.min_count = 2;
  options.ensemble = testing::SmallWalk().ensemble;
  options.bootstrap = {.draws = 20, .fewest_clusters = 2};
  options.seeds = 1;
  options.threads = 1;
  return options;
}

EvaluationTable Roll(const graph::GraphStore& store, const NetworkPlugin* plugin,
                     const RollingOptions& options) {
  const NetworkSource network{.plugin = plugin, .absent_because = "LibTorch is not installed"};
  const auto table = EvaluateRolling(store, network, options);
  if (!table.has_value()) FAIL(table.error().message);
  return *table;
}

// Turns around every outcome known on this day or later.
PeerWorld WithOtherFuture(PeerWorld world, Date from) {
  for (testing::WorldLoan& loan : world.loans) {
    if (loan.known_at >= from) loan.recovery_rate = 1.0 - loan.recovery_rate / 2.0;
  }
  return world;
}

TEST_CASE("Every member, the ensemble and what is left without each part are rolled forward") {
  const testing::FakePlugin plugin;
  const EvaluationTable table = Roll(*DailyWorld().Store(), &plugin, Small());
  Names names;
  for (const EvaluationRow& row : table.rows) {
    INFO(row.model);
    names.push_back(row.model);
    CHECK(row.figures.has_value());
  }
  Names expected = {"mean", "XGBoost own"};
  for (std::size_t i = 1; i < kMembers; ++i) {
    expected.emplace_back(MemberName(static_cast<Member>(i)));
  }
  for (const char* name : {"network that sees the base", "ensemble without network", "ensemble"}) {
    expected.emplace_back(name);
  }
  for (std::size_t i = 0; i < kMembers; ++i) {
    expected.push_back("ensemble without " + std::string(MemberName(static_cast<Member>(i))));
  }
  CHECK(names == expected);
  // Size explains most of the outcomes, and lenders the rest.
  CHECK(table.Find(row::kBoostedOwn)->figures->r_squared > 0.4);
  CHECK(table.Find(row::kEnsemble)->figures->r_squared >
        table.Find(row::kBoostedOwn)->figures->r_squared);
  CHECK(table.Find(row::kEnsemble)->figures->coverage80 > 0.7);
  CHECK(table.Find(row::kEnsemble)->figures->coverage80 < 0.9);
  CHECK(table.Find("ensemble without network")->to_second->compared_with == row::kEnsemble);
}

TEST_CASE("Scored are the loans valued from the given day on, year by year") {
  RollingOptions options = Small();
  options.to = Day("2006-01-01");
  const EvaluationTable table = Roll(*DailyWorld().Store(), nullptr, options);
  // One a day: 184 in the second half of 2004, 365 in 2005.
  CHECK(table.sizes.test == 184 + 365);
  std::map<int, std::size_t> loans;
  std::size_t points = 0;
  for (const SeriesPoint& point : table.series) {
    if (point.model == row::kEnsemble) loans[point.year] = point.loans;
    ++points;
  }
  CHECK(loans == std::map<int, std::size_t>{{2004, 184}, {2005, 365}});
  const auto with_figures = static_cast<std::size_t>(std::ranges::count_if(
      table.rows, [](const EvaluationRow& row) { return row.figures.has_value(); }));
  CHECK(points == 2 * with_figures);
  CHECK(table.split_description.find("from 2004-07-01 to before 2006-01-01") != std::string::npos);
}

TEST_CASE("Without a plug-in the ensemble rolls without networks, and says so") {
  const EvaluationTable table = Roll(*DailyWorld().Store(), nullptr, Small());
  CHECK(table.Find("base + credibility network")->absent_because == "LibTorch is not installed");
  CHECK(table.Find("network that sees the base") == nullptr);
  CHECK(table.Find("ensemble without base + credibility network") == nullptr);
  CHECK(table.Find(row::kEnsemble)->figures.has_value());
}

TEST_CASE("An interrupted run goes on where it stopped and gives the same table") {
  const auto store = DailyWorld().Store();
  const testing::FakePlugin in_one_go;
  const std::string expected = RenderJson(Roll(*store, &in_one_go, Small()));
  CHECK(in_one_go.seen.size() == 3);  // networks of 2004, 2005 and 2006

  const TemporaryDirectory folder;
  RollingOptions options = Small();
  options.checkpoint = folder / "rolling";
  std::atomic<bool> stop = false;
  const Observer observer{
      [&](const EvaluationProgress& at) { stop = at.stage == "rolling" && at.done == 3; }, &stop};
  const testing::FakePlugin first;
  const NetworkSource network{.plugin = &first};
  const auto stopped = EvaluateRolling(*store, network, options, observer);
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == ErrorCode::kCancelled);
  CHECK(first.seen.size() == 2);
  CHECK(std::filesystem::exists(folder / "rolling"));

  // The fourth step needs the network of the third, which is trained again.
  const testing::FakePlugin then;
  CHECK((RenderJson(Roll(*store, &then, options)) == expected));
  CHECK(then.seen.size() == 2);
  CHECK_FALSE(std::filesystem::exists(folder / "rolling"));
}

TEST_CASE("What another run left behind is not taken for finished") {
  const PeerWorld world = DailyWorld();
  const testing::FakePlugin plugin;
  const NetworkSource network{.plugin = &plugin};
  const TemporaryDirectory folder;
  const auto leave_behind = [&](const PeerWorld& of, RollingOptions options) {
    options.checkpoint = folder / "rolling";
    std::atomic<bool> stop = false;
    const Observer observer{
        [&](const EvaluationProgress& at) { stop = at.stage == "rolling" && at.done == 4; }, &stop};
    REQUIRE_FALSE(EvaluateRolling(*of.Store(), network, options, observer).has_value());
    REQUIRE(std::filesystem::exists(folder / "rolling"));
  };
  RollingOptions other = Small();
  SECTION("of a store with as many loans, written in as many batches") {
    leave_behind(WithOtherFuture(world, Day("2003-01-01")), other);
  }
  SECTION("with another penalty") {
    other.ensemble.ridge_penalty = 3000.0;
    leave_behind(world, other);
  }
  SECTION("with features of frequent words only") {
    other.fit.min_count = 200;
    leave_behind(world, other);
  }
  SECTION("with networks that were refitted more often") {
    other.network_months = 6;
    leave_behind(world, other);
  }
  RollingOptions options = Small();
  const std::string expected = RenderJson(Roll(*world.Store(), &plugin, options));
  options.checkpoint = folder / "rolling";
  CHECK((RenderJson(Roll(*world.Store(), &plugin, options)) == expected));
}

TEST_CASE("Outcomes known after the last scored loan change nothing") {
  RollingOptions options = Small();
  options.to = Day("2005-01-01");  // all outcomes of loans valued before are known by 2005-08-24
  const testing::FakePlugin plugin;
  const PeerWorld world = DailyWorld();
  const std::string real = RenderJson(Roll(*world.Store(), &plugin, options));
  const PeerWorld other = WithOtherFuture(world, Day("2005-09-01"));
  CHECK((RenderJson(Roll(*other.Store(), &plugin, options)) == real));
  const PeerWorld sooner = WithOtherFuture(world, Day("2004-12-01"));
  CHECK((RenderJson(Roll(*sooner.Store(), &plugin, options)) != real));
}

/// Members that hardly left the mean: the network knows more, and is listened to.
RollingOptions WithPoorMembers() {
  RollingOptions options = Small();
  options.ensemble.boosting.max_rounds = 1;
  options.ensemble.boosting.learning_rate = 0.01;
  return options;
}

TEST_CASE("Later outcomes change no earlier year") {
  const testing::FakePlugin plugin;
  const PeerWorld world = DailyWorld();
  const PeerWorld other = WithOtherFuture(world, Day("2005-09-01"));
  for (RollingOptions options : {Small(), WithPoorMembers()}) {
    options.scored_from = options.from;
    const EvaluationTable real = Roll(*world.Store(), &plugin, options);
    const EvaluationTable turned = Roll(*other.Store(), &plugin, options);
    const auto in_year = [](const EvaluationTable& table, int year) {
      std::map<std::string, double> figures;
      for (const SeriesPoint& point : table.series) {
        if (point.year == year) figures[point.model] = point.r_squared;
      }
      return figures;
    };
    CHECK(in_year(real, 2004).size() == 14);
    CHECK(in_year(real, 2004) == in_year(turned, 2004));
    CHECK(in_year(real, 2005) != in_year(turned, 2005));
  }
}

TEST_CASE("A network that knows more than the members is listened to") {
  const testing::FakePlugin plugin;
  const EvaluationTable table = Roll(*DailyWorld().Store(), &plugin, WithPoorMembers());
  const double alone = table.Find("ensemble without network")->figures->r_squared;
  CHECK(table.Find(row::kEnsemble)->figures->r_squared > alone + 0.1);
}

TEST_CASE("The first refit waits for 1,000 known outcomes, and scoring a year more") {
  RollingOptions options = Small();
  options.from.reset();
  options.scored_from.reset();
  const auto store = testing::MakeLoanWorld(1300);
  const EvaluationTable table = Roll(*store, nullptr, options);
  // Loan 999 was valued on day 2997, its outcome known on day 3177: 2013-09-13.
  CHECK(table.split_description.find("months from 2014-01-01;") != std::string::npos);
  CHECK(table.split_description.find("valued from 2015-01-01 to") != std::string::npos);
  CHECK(table.sizes.training >= 1000);
}

TEST_CASE("Days out of order, too few outcomes and an empty store are refused") {
  const auto refused = [](const graph::GraphStore& store, const RollingOptions& options) {
    const auto table = EvaluateRolling(store, {}, options);
    REQUIRE_FALSE(table.has_value());
    return table.error();
  };
  const auto store = PeerWorld(60, 1).Store();
  RollingOptions options = Small();
  options.to = options.from;
  CHECK(refused(*store, options).code == ErrorCode::kInvalidArgument);
  options = Small();
  options.from.reset();
  const Error few = refused(*store, options);
  CHECK(few.code == ErrorCode::kInvalidArgument);
  CHECK(few.message.find("1000 known outcomes") != std::string::npos);
  options = Small();
  options.months = 0;
  CHECK(refused(*store, options).code == ErrorCode::kInvalidArgument);
  options = Small();
  options.from = Day("2002-11-10");  // no outcome is known yet
  options.scored_from = Day("2002-12-01");
  CHECK(refused(*store, options).code == ErrorCode::kInvalidArgument);
  CHECK(refused(*graph::MakeMemoryGraphStore(), Small()).code == ErrorCode::kFailedPrecondition);
}

}  // namespace
}  // namespace recoup::model
