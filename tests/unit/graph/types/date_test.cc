#include "graph/types/date.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace recoup {
namespace {

TEST_CASE("Every day of four centuries comes back from its text") {
  const Date first = *Date::FromYearMonthDay(1800, 1, 1);
  const Date last = *Date::FromYearMonthDay(2200, 12, 31);
  std::string before;
  for (Date day = first; day <= last; day = day.PlusDays(1)) {
    const std::string text = day.ToString();
    REQUIRE(*Date::Parse(text) == day);
    REQUIRE(*Date::FromYearMonthDay(day.year(), day.month(), day.day()) == day);
    REQUIRE(text > before);
    before = text;
  }
  // 401 years, of which 1804 to 2196 every fourth is a leap year (99), but 1900 and 2100 are not.
  CHECK(DaysBetween(first, last) + 1 == 401 * 365 + 99 + 1 - 3 + (2200 % 400 == 0 ? 1 : 0));
}

TEST_CASE("Days count from the first of January 1970") {
  CHECK(Date::Parse("1970-01-01")->days() == 0);
  CHECK(Date::Parse("1969-12-31")->days() == -1);
  CHECK(Date::Parse("2000-03-01")->days() == 11017);
  CHECK(Date::Parse("0001-01-01")->days() == -719162);
  CHECK(Date::Parse("9999-12-31")->days() == 2932896);
}

TEST_CASE("A leap day exists in leap years alone") {
  CHECK(Date::Parse("2024-02-29").has_value());
  CHECK(Date::Parse("2000-02-29").has_value());
  CHECK_FALSE(Date::Parse("2023-02-29").has_value());
  CHECK_FALSE(Date::Parse("1900-02-29").has_value());
}

TEST_CASE("Only the ISO form of an existing day is a date") {
  for (const char* text :
       {"", "2024-1-01", "2024-01-1", "2024/01/01", "24-01-01", "2024-00-10", "2024-13-01",
        "2024-01-00", "2024-01-32", "2024-04-31", "0000-01-01", "2024-01-01 ", " 2024-01-01",
        "+024-01-01", "-024-01-01", "2024-+1-01", "2024-01-0a", "20240101", "2024-01-011"}) {
    INFO(text);
    const auto parsed = Date::Parse(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == ErrorCode::kInvalidArgument);
  }
}

TEST_CASE("Months and days outside the calendar are refused whatever their number") {
  for (const int odd : {-1, 0, 13, 32, 256, 257, 269, 65536}) {
    CHECK_FALSE(Date::FromYearMonthDay(2024, odd, 10).has_value());
    if (odd != 13) CHECK_FALSE(Date::FromYearMonthDay(2024, 1, odd).has_value());
  }
  CHECK_FALSE(Date::FromYearMonthDay(0, 1, 1).has_value());
  CHECK_FALSE(Date::FromYearMonthDay(10000, 1, 1).has_value());
}

}  // namespace
}  // namespace recoup
