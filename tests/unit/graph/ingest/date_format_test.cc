#include "graph/ingest/date_format.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph {
namespace {

std::string Read(std::string_view text, std::string_view format) {
  REQUIRE(CheckDateFormat(format).has_value());
  const Result<Date> date = ParseDateAs(text, format);
  return date.has_value() ? date->ToString() : date.error().message;
}

TEST_CASE("Dates are read in the form that is asked for") {
  CHECK(Read("31.12.2024", "%d.%m.%Y") == "2024-12-31");
  CHECK(Read("1.2.2024", "%d.%m.%Y") == "2024-02-01");
  CHECK(Read("12/31/2024", "%m/%d/%Y") == "2024-12-31");
  CHECK(Read("20241231", "%Y%m%d") == "2024-12-31");
  CHECK(Read("31-dec-2024", "%d-%b-%Y") == "2024-12-31");
}

TEST_CASE("Midnight after an ISO date is no harm, any other time is") {
  CHECK(Read("2024-12-31 00:00:00", "%Y-%m-%d") == "2024-12-31");
  CHECK(Read("2024-12-31T00:00:00.000", "%Y-%m-%d") == "2024-12-31");
  CHECK(Read("2024-12-31 10:00:00", "%Y-%m-%d") == "not a date in this form");
}

TEST_CASE("Another form and a day that does not exist are told apart") {
  CHECK(ParseDateAs("2024-13-01", "%Y-%m-%d").error().code == ErrorCode::kOutOfRange);
  CHECK(ParseDateAs("2024-02-30", "%Y-%m-%d").error().code == ErrorCode::kOutOfRange);
  CHECK(ParseDateAs("0000-01-01", "%Y-%m-%d").error().code == ErrorCode::kOutOfRange);
  for (const char* text : {"", "2024", "2024-1-", "2024-01-01x", "x2024-01-01", "24-01-01"}) {
    INFO(text);
    CHECK(ParseDateAs(text, "%Y-%m-%d").error().code == ErrorCode::kInvalidArgument);
  }
  CHECK(ParseDateAs("2024131", "%Y%m%d").error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("A date format names year, month and day once each") {
  for (const char* format :
       {"", "%Y", "%Y-%m", "%Y-%m-%d-%d", "%y-%m-%d", "%Y-%m-%b", "%Y-%m-%d%"}) {
    INFO(format);
    CHECK_FALSE(CheckDateFormat(format).has_value());
  }
}

}  // namespace
}  // namespace recoup::graph
