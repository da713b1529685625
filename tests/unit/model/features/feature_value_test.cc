#include "model/features/feature_value.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace recoup::model {
namespace {

TEST_CASE("Dates become days before the as-of day, amounts major units") {
  CHECK(NumericValue(2.5, Date(100)) == 2.5);
  CHECK(NumericValue(Date(70), Date(100)) == 30.0);
  CHECK(NumericValue(Date(110), Date(100)) == -10.0);
  CHECK(NumericValue(Money(12345, Currency::Parse("EUR").value()), Date(0)) == 123.45);
  CHECK(NumericValue(Money(12345, Currency::Parse("JPY").value()), Date(0)) == 12345.0);
}

TEST_CASE("Words, texts and what is not finite are no numbers") {
  CHECK(NumericValue(graph::Category{"1"}, Date(0)) == std::nullopt);
  CHECK(NumericValue(std::string("1"), Date(0)) == std::nullopt);
  CHECK(NumericValue(std::numeric_limits<double>::infinity(), Date(0)) == std::nullopt);
}

TEST_CASE("A defaulted loan's dates count from its default, and the default from the as-of day") {
  const std::vector<graph::StoredAttribute> loan = {
      {graph::attribute::kLoanOriginationDate, Date(100)},
      {graph::attribute::kLoanDefaultDate, Date(400)}};
  const ReferenceDays late(loan, Date(900));
  CHECK(late.Of(graph::attribute::kLoanOriginationDate) == Date(400));
  CHECK(late.Of(graph::attribute::kLoanDefaultDate) == Date(900));
}

TEST_CASE("Dates of what has not defaulted by the as-of day count from that day") {
  const std::vector<graph::StoredAttribute> performing = {
      {graph::attribute::kLoanOriginationDate, Date(100)}};
  CHECK(ReferenceDays(performing, Date(300)).Of(graph::attribute::kLoanOriginationDate) ==
        Date(300));
  const std::vector<graph::StoredAttribute> announced = {
      {graph::attribute::kLoanDefaultDate, Date(400)}};
  CHECK(ReferenceDays(announced, Date(300)).Of(graph::attribute::kLoanMaturityDate) == Date(300));
}

TEST_CASE("The ends of the calendar do not overflow") {
  CHECK(NumericValue(Date::Min(), Date::Max()) == 4294967295.0);
}

}  // namespace
}  // namespace recoup::model
