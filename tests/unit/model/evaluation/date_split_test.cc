#include "model/evaluation/date_split.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using testing::Day;
using testing::KnownOn;
using Positions = std::vector<std::size_t>;

DateSplit MainSplit() {
  return {Day("2010-01-01"), Day("2011-01-01"), Day("2011-07-01"), std::nullopt};
}

/// One outcome a day.
std::vector<Example> Daily(std::int32_t count) {
  std::vector<Example> examples;
  for (std::int32_t i = 0; i < count; ++i) {
    Example example = KnownOn("2010-01-01");
    example.outcome_known_at = example.outcome_known_at.PlusDays(i);
    examples.push_back(example);
  }
  return examples;
}

TEST_CASE("A day on a cut belongs to what follows it") {
  const std::vector<Example> examples = {
      KnownOn("2009-12-31"), KnownOn("2010-01-01"), KnownOn("2010-12-31"), KnownOn("2011-01-01"),
      KnownOn("2011-06-30"), KnownOn("2011-07-01"), KnownOn("2014-01-01")};
  const auto split = SplitByDate(examples, MainSplit());
  REQUIRE(split.has_value());
  CHECK(split->training == Positions{0});
  CHECK(split->validation == Positions{1, 2});
  CHECK(split->left_out == Positions{3, 4});
  CHECK(split->test == Positions{5, 6});
  CHECK(split->dates == MainSplit());
}

TEST_CASE("The test ends before test_before") {
  DateSplit dates = MainSplit();
  dates.test_before = Day("2012-07-01");
  const auto split = SplitByDate(std::vector<Example>{KnownOn("2009-01-01"), KnownOn("2010-05-01"),
                                                      KnownOn("2012-06-30"), KnownOn("2012-07-01")},
                                 dates);
  REQUIRE(split.has_value());
  CHECK(split->test == Positions{2});
  CHECK(split->left_out == Positions{3});
}

TEST_CASE("Without days the outcomes are cut after 60, 75 and 80 percent, and the split says so") {
  const std::vector<Example> examples = Daily(100);
  const auto split = SplitByDate(examples, std::nullopt);
  REQUIRE(split.has_value());
  CHECK(split->training.size() == 60);
  CHECK(split->validation.size() == 15);
  CHECK(split->left_out.size() == 5);
  CHECK(split->test.size() == 20);
  CHECK(split->description.find("no days were given") != std::string::npos);
}

TEST_CASE("Days out of order and empty parts are refused") {
  DateSplit turned = MainSplit();
  turned.train_before = Day("2012-01-01");
  const auto out_of_order = SplitByDate(Daily(100), turned);
  REQUIRE_FALSE(out_of_order.has_value());
  CHECK(out_of_order.error().code == ErrorCode::kInvalidArgument);
  const auto no_test = SplitByDate(Daily(100), MainSplit());
  REQUIRE_FALSE(no_test.has_value());
  CHECK(no_test.error().message.find("empty") != std::string::npos);
  CHECK_FALSE(SplitByDate(Daily(5), std::nullopt).has_value());
}

TEST_CASE("Test loans that were valued before the last label was known are counted") {
  // The last label of validation is of 2010-12-20; valued 180 days before the outcome.
  const std::vector<Example> examples = {KnownOn("2009-01-01"), KnownOn("2010-12-20"),
                                         KnownOn("2011-07-02"), KnownOn("2011-05-01")};
  ExampleSplit split;
  split.training = {0};
  split.validation = {1};
  split.test = {2, 3};
  CHECK(TestLoansValuedTooEarly(examples, split) == 1);
}

}  // namespace
}  // namespace recoup::model
