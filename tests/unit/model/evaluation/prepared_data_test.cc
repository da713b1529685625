#include "model/evaluation/prepared_data.h"

#include <catch2/catch_test_macros.hpp>
#include <utility>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

TEST_CASE("A store's outcomes become three parts with their recovery rates") {
  const auto store = testing::MakeLoanWorld(200);
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE(data.has_value());
  CHECK(data->training.size() == 120);
  CHECK(data->validation.size() == 30);
  CHECK(data->left_out == 10);
  CHECK(data->test.size() == 40);
  REQUIRE(data->outcomes.test.size() == 40);
  CHECK(data->outcomes.test[3] == data->test[3].recovery_rate);
  CHECK(data->dates.has_value());
}

TEST_CASE("The schema has seen the training part only") {
  const auto store = testing::MakeLoanWorld(200);
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE(data.has_value());
  const auto training_only = FitFeatureSchema(*store, data->training, {});
  REQUIRE(training_only.has_value());
  CHECK(data->schema == *training_only);
  for (const NumericFeature& feature : data->schema.Of(graph::NodeKind::kLoan).numeric) {
    CHECK(feature.attribute != "betrayal");
  }
}

TEST_CASE("A split by component has no days") {
  const auto store = testing::MakeLoanWorld(400);
  const auto data = PrepareData(*store, {.kind = SplitKind::kByComponent}, {}, {});
  REQUIRE(data.has_value());
  CHECK_FALSE(data->dates.has_value());
  CHECK(data->training.size() + data->validation.size() + data->test.size() == 400);
}

TEST_CASE("Loans that were removed, restored or resolved at once keep no one from training") {
  const auto store = testing::MakeLoanWorld(200);
  for (std::size_t i = 0; i < 200; i += 20) testing::RemoveLoan(i, *store);
  const Date day = testing::ValuedOn(7);
  graph::FactBatch batch;  // loan 7 is gone on its valuation date only, loan 9 resolved on it
  for (const auto& [operation, known] :
       {std::pair(graph::FactOperation::kRemove, day),
        std::pair(graph::FactOperation::kUpsert, day.PlusDays(1))}) {
    batch.facts.push_back(graph::NodeFact{.node = testing::Loan(7),
                                          .operation = operation,
                                          .attributes = {},
                                          .dates = {known, known}});
  }
  const Date later = testing::ValuedOn(9).PlusDays(200);
  batch.facts.push_back(graph::OutcomeFact{.loan = testing::Loan(9),
                                           .recovery_rate = 0.5,
                                           .valuation_date = later,
                                           .dates = {later, later}});
  REQUIRE(store->Apply(batch).has_value());
  for (const SplitKind kind : {SplitKind::kByDate, SplitKind::kByComponent}) {
    const auto data = PrepareData(*store, {.kind = kind}, {}, {});
    REQUIRE(data.has_value());
    CHECK(data->training.size() + data->validation.size() + data->test.size() + data->left_out ==
          198);
    CHECK(data->not_shown == 1);
    CHECK(data->known_at_once == 1);
  }
}

TEST_CASE("New groups are tested alone, and nothing is learnt from them") {
  const auto store = testing::MakeLoanWorld(200);
  const auto whole = PrepareData(*store, {}, {}, {}).value();
  ScenarioOptions scenario{.new_groups = NewGroups{"out.originated_by.party", 0, 3}};
  const auto data = PrepareData(*store, {}, {}, {}, scenario);
  REQUIRE(data.has_value());
  // Banks 8, 14 and 18 of the 20: 3 of each 20 loans.
  CHECK(data->newcomers.size() == 30);
  CHECK(data->test.size() == 6);
  for (const Example& example : data->test) CHECK(data->newcomers.contains(example.loan));
  CHECK(data->training.size() == 120 - 18);
  for (const Example& example : data->training) CHECK_FALSE(data->newcomers.contains(example.loan));
  for (const Example& example : data->validation) {
    CHECK_FALSE(data->newcomers.contains(example.loan));
  }
  CHECK(data->outcomes.training.size() == data->training.size());
  CHECK(data->dates == whole.dates);
  CHECK(data->split_description.ends_with("whose outcomes are never seen"));
  scenario.new_groups->are_heard = true;
  CHECK(PrepareData(*store, {}, {}, {}, scenario)
            ->split_description.ends_with("whose past outcomes are seen"));
  scenario.new_groups->divisor = 4'000'000'000U;  // none of them is new
  const auto none = PrepareData(*store, {}, {}, {}, scenario);
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("With a lag all parts are valued so many days before their outcome") {
  const auto store = testing::MakeLoanWorld(200);
  const auto data = PrepareData(*store, {}, {}, {}, {.lag_days = 90});
  REQUIRE(data.has_value());
  for (const auto* part : {&data->training, &data->validation, &data->test}) {
    CHECK_FALSE(part->empty());
    for (const Example& example : *part) {
      REQUIRE(example.as_of.PlusDays(90) == example.outcome_known_at);
    }
  }
  CHECK(data->example_options().lag_days == 90);
  CHECK(data->split_description.find("valued 90 days before") != std::string::npos);
}

TEST_CASE("A store without outcomes cannot be evaluated") {
  const auto store = graph::MakeMemoryGraphStore();
  const auto data = PrepareData(*store, {}, {}, {});
  REQUIRE_FALSE(data.has_value());
  CHECK(data.error().code == ErrorCode::kFailedPrecondition);
}

TEST_CASE("Preparing says where it is and stops when told to") {
  const auto store = testing::MakeLoanWorld(200);
  std::vector<std::string> stages;
  std::atomic<bool> stop = false;
  Observer observer{[&](const EvaluationProgress& at) { stages.emplace_back(at.stage); }, &stop};
  REQUIRE(PrepareData(*store, {}, {}, observer).has_value());
  CHECK(stages == std::vector<std::string>{"collecting outcomes", "fitting features"});
  stop = true;
  const auto stopped = PrepareData(*store, {}, {}, observer);
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == ErrorCode::kCancelled);
}

}  // namespace
}  // namespace recoup::model
