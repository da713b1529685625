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
  options.ensemble.choose_depth = false;
  options.ensemble.boosting.max_rounds = 20;
  options.seeds = 2;
  return options;
}

std::vector<std::string> NamesOf(const EvaluationTable& table) {
  std::vector<std::string> names;
  for (const EvaluationRow& row : table.rows) names.push_back(row.model);
  return names;
}

TEST_CASE("All plain rows are filled, and the network that knows the law is not shown to lose") {
  const auto store = testing::MakeLoanWorld(600);
  const testing::FakePlugin plugin;
  std::set<std::string> stages;
  const Observer observer{[&](const EvaluationProgress& at) { stages.emplace(at.stage); }};
  EvaluateOptions options = Quick();
  options.rows.ensemble = false;
  const auto table = Evaluate(*store, {.plugin = &plugin}, options, observer);
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

TEST_CASE("The rows that were chosen are there, beside the mean, and only those") {
  const auto store = testing::MakeLoanWorld(300);
  const testing::FakePlugin plugin;
  const auto rows = [&](const RowChoice& choice) {
    EvaluateOptions options = Quick();
    options.rows = choice;
    return NamesOf(Evaluate(*store, {.plugin = &plugin}, options).value());
  };
  using Names = std::vector<std::string>;
  CHECK(rows({.tabular = false, .ensemble = false, .network = false}) == Names{"mean"});
  CHECK(rows({.tabular = true, .ensemble = false, .network = false}) ==
        Names{"mean", "ridge", "XGBoost own", "XGBoost + relational aggregates"});
  CHECK(plugin.seen.empty());
  CHECK(rows({.tabular = false, .ensemble = false, .network = true}) ==
        Names{"mean", "network", "network without edges", "network with shuffled edges"});
  const Names ensemble = rows({.tabular = false, .ensemble = true, .network = false});
  CHECK(ensemble.size() == 16);
  CHECK(ensemble.at(1) == "base");
  CHECK(ensemble.back() == "ensemble without edges");
  CHECK(rows({}).size() == 4 + 3 + 15);
}

TEST_CASE("A scenario is the question that every row answers") {
  const auto store = testing::MakeLoanWorld(300);
  EvaluateOptions options = Quick();
  options.rows = {.tabular = false, .ensemble = false, .network = false};
  options.scenario.lag_days = 30;
  CHECK(Evaluate(*store, {}, options)->split_description.find("valued 30 days before") !=
        std::string::npos);
  options.scenario = {.new_groups = NewGroups{"out.originated_by.party", 0, 3}};
  const auto table = Evaluate(*store, {}, options);
  REQUIRE(table.has_value());
  CHECK(table->split_description.find("new groups of out.originated_by.party whose outcomes are "
                                      "never seen") != std::string::npos);
  CHECK(table->sizes.test == 9);  // 3 of 20 lenders, of 60 loans
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
