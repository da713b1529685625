#include "model/evaluation/rolling_plan.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using testing::Day;

// Valued on these days, each outcome known 180 days later.
LoanBook BookOf(const std::vector<const char*>& days) {
  LoanBook book;
  for (const char* day : days) {
    book.examples.push_back({{}, Day(day), Day(day).PlusDays(180), 0.5});
  }
  return book;
}

TEST_CASE("Months are counted across years, to the first of one") {
  CHECK(PlusMonths(Day("2004-01-01"), 6) == Day("2004-07-01"));
  CHECK(PlusMonths(Day("2004-11-30"), 3) == Day("2005-02-01"));
  CHECK(PlusMonths(Day("2004-01-01"), -1) == Day("2003-12-01"));
  CHECK(PlusMonths(Day("2004-07-01"), -24) == Day("2002-07-01"));
}

TEST_CASE("Refits stand from the first day to the last valuation, and a year goes unscored") {
  const LoanBook book = BookOf({"2003-05-01", "2005-08-20"});
  const auto plan = PlanRolling(book, {.from = Day("2004-01-01")});
  REQUIRE(plan.has_value());
  CHECK(plan->scored_from == Day("2005-01-01"));
  CHECK(plan->to == Day("2005-08-21"));
  CHECK(plan->steps ==
        std::vector{Day("2004-01-01"), Day("2004-07-01"), Day("2005-01-01"), Day("2005-07-01")});
  CHECK(plan->EndOf(0) == Day("2004-07-01"));
  CHECK(plan->EndOf(3) == plan->to);
  const auto cut = PlanRolling(book, {.from = Day("2004-01-01"),
                                      .to = Day("2004-07-01"),
                                      .scored_from = Day("2004-02-01"),
                                      .months = 3});
  REQUIRE(cut.has_value());
  CHECK(cut->steps == std::vector{Day("2004-01-01"), Day("2004-04-01")});
}

TEST_CASE("Without a day the first refit is the January before which 1,000 outcomes are known") {
  LoanBook book = BookOf(std::vector<const char*>(999, "2003-02-01"));  // known on 2003-07-31
  book.examples.push_back({{}, Day("2004-09-01"), Day("2005-02-28"), 0.5});
  book.examples.push_back({{}, Day("2008-09-01"), Day("2009-02-28"), 0.5});
  const auto plan = PlanRolling(book, {});
  REQUIRE(plan.has_value());
  CHECK(plan->from == Day("2006-01-01"));
  CHECK_FALSE(PlanRolling(BookOf({"2003-05-01", "2005-08-20"}), {}).has_value());
}

}  // namespace
}  // namespace recoup::model
