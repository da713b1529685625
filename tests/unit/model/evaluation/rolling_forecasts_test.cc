#include "model/evaluation/rolling_forecasts.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <set>

#include "tests/support/temporary_directory.h"
#include "tests/unit/model/evaluation/fake_plugin.h"
#include "tests/unit/model/evaluation/loan_world.h"
#include "tests/unit/model/learning/peer_world.h"

namespace recoup::model {
namespace {

using testing::Day;

/// Refits on 2004-01-01, 2004-07-01, ..., 2006-01-01 in a world of a loan a day to 2006-02-20.
RollingOptions Small() {
  RollingOptions options;
  options.from = Day("2004-01-01");
  options.fit.min_count = 2;
  options.ensemble = testing::SmallWalk().ensemble;
  options.seeds = 1;
  options.threads = 1;
  return options;
}

bool Equal(const std::vector<MemberForecasts>& a, const std::vector<MemberForecasts>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const MemberForecasts& x, const MemberForecasts& y) {
                      return x.base == y.base && x.members == y.members;
                    });
}

TEST_CASE("Every loan valued in the time of the plan is forecast once, step by step") {
  const auto store = testing::PeerWorld(1200, 1).Store();
  const testing::FakePlugin plugin;
  const NetworkSource network{.plugin = &plugin};
  const auto made = ForecastRolling(*store, network, Small(), {});
  REQUIRE(made.has_value());
  CHECK(made->plan.steps.size() == 5);
  CHECK(made->members.size() == made->loans.size());
  CHECK(made->shapes.size() == made->loans.size());
  std::set<std::uint32_t> distinct(made->loans.begin(), made->loans.end());
  CHECK(distinct.size() == made->loans.size());
  std::size_t within = 0;
  for (const Example& example : made->book.examples) {
    within += example.as_of >= made->plan.from && example.as_of < made->plan.to ? 1 : 0;
  }
  CHECK(within == made->loans.size());
  const auto alone = ForecastRolling(*store, {}, Small(), {});
  REQUIRE(alone.has_value());
  CHECK(alone->shapes.empty());
  CHECK(alone->loans == made->loans);
}

TEST_CASE("Finished steps are taken up until they are cleared") {
  const auto store = testing::PeerWorld(1200, 1).Store();
  const testing::FakePlugin plugin;
  const NetworkSource network{.plugin = &plugin};
  const auto whole = ForecastRolling(*store, network, Small(), {});
  REQUIRE(whole.has_value());
  const TemporaryDirectory folder;
  RollingOptions options = Small();
  options.checkpoint = folder / "steps";
  std::atomic<bool> stop = false;
  const Observer observer{
      [&](const EvaluationProgress& at) { stop = at.stage == "rolling" && at.done == 3; }, &stop};
  const auto stopped = ForecastRolling(*store, network, options, observer);
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == ErrorCode::kCancelled);
  for (int again = 0; again < 2; ++again) {
    const testing::FakePlugin then;
    const auto made = ForecastRolling(*store, {.plugin = &then}, options, {});
    REQUIRE(made.has_value());
    CHECK(Equal(made->members, whole->members));
    CHECK(made->shapes == whole->shapes);
    CHECK(then.seen.size() == (again == 0 ? 2 : 0));
    CHECK(std::filesystem::exists(options.checkpoint));
    if (again == 1) made->checkpoint.Clear();
  }
  CHECK_FALSE(std::filesystem::exists(options.checkpoint));
}

}  // namespace
}  // namespace recoup::model
