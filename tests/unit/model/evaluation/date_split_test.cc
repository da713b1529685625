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

TEST_CASE("A model that will learn everything is judged on its last year") {
  // A day each from 2010-01-01 to 2012-09-26: the last year begins on 2011-09-28.
  const std::vector<Example> examples = Daily(1000);
  const auto dates = DateSplitOfLastYear(examples);
  REQUIRE(dates.has_value());
  CHECK(*dates == DateSplit{Day("2011-09-28"), Day("2012-03-29"), Day("2012-03-29"), std::nullopt});
  const auto split = SplitByDate(examples, *dates);
  REQUIRE(split.has_value());
  CHECK(split->training.size() == 635);
  CHECK(split->validation.size() == 183);
  CHECK(split->test.size() == 182);
  CHECK(split->left_out.empty());
}

/// `early` outcomes a day each from 2010-01-01, and as many in the first and the second half of the
/// year that ends on 2019-12-31.
std::vector<Example> ThenLater(std::int32_t early, std::size_t first_half,
                               std::size_t second_half) {
  std::vector<Example> examples = Daily(early);
  examples.insert(examples.end(), first_half, KnownOn("2019-02-01"));
  examples.insert(examples.end(), second_half, KnownOn("2019-12-31"));
  return examples;
}

TEST_CASE("A last year with less than a tenth of the outcomes is no judge") {
  // 100 of 1,000 are enough, 99 of 1,000 are not.
  CHECK(DateSplitOfLastYear(ThenLater(900, 50, 50)).value() ==
        DateSplit{Day("2019-01-01"), Day("2019-07-03"), Day("2019-07-03"), std::nullopt});
  // The 801st and the 901st outcome.
  CHECK(DateSplitOfLastYear(ThenLater(901, 49, 50)).value() ==
        DateSplit{Day("2010-01-01").PlusDays(800), Day("2010-01-01").PlusDays(900),
                  Day("2010-01-01").PlusDays(900), std::nullopt});
}

TEST_CASE("Nor is a last year of which one half is empty") {
  const DateSplit by_count{Day("2010-01-01").PlusDays(800), Day("2019-02-01"), Day("2019-02-01"),
                           std::nullopt};
  CHECK(DateSplitOfLastYear(ThenLater(900, 99, 1)).value() == by_count);
}

TEST_CASE("Outcomes of one year are cut after 80 and 90 percent") {
  const std::vector<Example> examples = Daily(100);
  const auto split = SplitByDate(examples, DateSplitOfLastYear(examples).value());
  REQUIRE(split.has_value());
  CHECK(split->training.size() == 80);
  CHECK(split->validation.size() == 10);
  CHECK(split->test.size() == 10);
  CHECK_FALSE(DateSplitOfLastYear(Daily(19)).has_value());
}

TEST_CASE("Outcomes of one day are split at random, the same way each time, and loudly") {
  const std::vector<Example> examples(1000, KnownOn("2010-01-01"));
  const auto split = SplitByDate(examples, std::nullopt);
  REQUIRE(split.has_value());
  CHECK_FALSE(split->dates.has_value());
  CHECK(split->is_at_random);
  CHECK(split->description.starts_with("AT RANDOM"));
  // 650, 150 and 200 are expected; five standard deviations are 75, 56 and 63.
  CHECK(split->training.size() > 575);
  CHECK(split->training.size() < 725);
  CHECK(split->validation.size() > 94);
  CHECK(split->validation.size() < 206);
  CHECK(split->training.size() + split->validation.size() + split->test.size() == 1000);
  CHECK(SplitByDate(examples, std::nullopt)->test == split->test);
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
