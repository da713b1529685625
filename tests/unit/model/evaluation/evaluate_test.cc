#include "model/evaluation/evaluate.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "tests/unit/model/evaluation/fake_plugin.h"
#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

EvaluateOptions Quick() {
  EvaluateOptions options;
  options.boosting = {.max_rounds = 100, .patience = 10, .threads = 1};
  options.seeds = 2;
  return options;
}

TEST_CASE("All seven rows are filled, and the network that knows the law is not shown to lose") {
  const auto store = testing::MakeLoanWorld(600);
  const testing::FakePlugin plugin;
  std::set<std::string> stages;
  const Observer observer{[&](const EvaluationProgress& at) { stages.emplace(at.stage); }};
  const auto table = Evaluate(*store, {.plugin = &plugin}, Quick(), observer);
  REQUIRE(table.has_value());
  const char* const names[] = {row::kMean,
                               row::kRidge,
                               row::kBoostedOwn,
                               row::kBoostedRelational,
                               row::kNetwork,
                               row::kNetworkWithoutEdges,
                               row::kNetworkShuffledEdges};
  REQUIRE(table->rows.size() == 7);
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(table->rows[i].model == names[i]);
    CHECK(table->rows[i].figures.has_value());
    CHECK_FALSE(table->rows[i].verdict.empty());
  }
  CHECK(plugin.seen.size() == 6);  // two seeds of three variants
  // At most .92; the stand-in cuts at the median instead of one half, and pulls to the middle.
  CHECK(table->Find(row::kNetwork)->figures->r_squared > 0.7);
  CHECK(stages.contains("encoding training"));
  CHECK(stages.contains("bootstrap"));
}

TEST_CASE("The same store and options give the same table") {
  const auto store = testing::MakeLoanWorld(300);
  const auto one = Evaluate(*store, {}, Quick());
  const auto other = Evaluate(*store, {}, Quick());
  REQUIRE((one.has_value() && other.has_value()));
  CHECK(RenderJson(*one) == RenderJson(*other));
}

TEST_CASE("An evaluation can be stopped") {
  const auto store = testing::MakeLoanWorld(300);
  std::atomic<bool> stop = false;
  const Observer observer{[&](const EvaluationProgress& at) { stop = at.stage == "ridge"; }, &stop};
  const auto table = Evaluate(*store, {}, Quick(), observer);
  REQUIRE_FALSE(table.has_value());
  CHECK(table.error().code == ErrorCode::kCancelled);
}

}  // namespace
}  // namespace recoup::model
