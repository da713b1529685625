#include "graph/ingest/cell.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph {
namespace {

Currency Usd() { return *Currency::Parse("USD"); }

CellFormat Of(AttributeType type) {
  CellFormat format;
  format.type = type;
  format.currency = Usd();
  format.date_formats = {"%Y-%m-%d"};
  return format;
}

std::string Text(std::string_view cell, const CellFormat& format) {
  const auto value = ReadCell(cell, format);
  if (!value.has_value()) return "bad: " + value.error().message;
  return value->has_value() ? ToString(**value) : "empty";
}

TEST_CASE("A number is read in plain, grouped and scientific form") {
  const CellFormat format = Of(AttributeType::kNumber);
  CHECK(Text("12.5", format) == "12.5");
  CHECK(Text("-3", format) == "-3");
  CHECK(Text("+3", format) == "3");
  CHECK(Text("1,234,567.25", format) == "1234567.25");
  CHECK(Text("1e3", format) == "1000");
}

TEST_CASE("What is not wholly a finite number is bad") {
  const CellFormat format = Of(AttributeType::kNumber);
  for (const char* cell :
       {"", "x", "12x", "1.2.3", "--1", "+-1", "1,2", "12,3456", "0x10", "1 2", "$5"}) {
    INFO(cell);
    CHECK(Text(cell, format) == "bad: not a number");
  }
  CHECK(Text("nan", format) == "bad: not a finite number");
  CHECK(Text("inf", format) == "bad: not a finite number");
  CHECK(Text("1e999", format) == "bad: the number is out of range");
}

TEST_CASE("A decimal comma swaps comma and point") {
  CellFormat format = Of(AttributeType::kMoney);
  format.decimal_comma = true;
  CHECK(Text("1.234,50", format) == "1234.50 USD");
  CHECK(Text("1234.50", format) == "bad: not an amount");
}

TEST_CASE("Units move the point exactly") {
  CellFormat money = Of(AttributeType::kMoney);
  money.decimal_shift = 4;
  CHECK(Text("0.07", money) == "700.00 USD");
  CHECK(Text("12", money) == "120000.00 USD");
  CHECK(Text("1.2345678", money) == "bad: more decimals than the currency has");
  CellFormat percent = Of(AttributeType::kNumber);
  percent.decimal_shift = -2;
  CHECK(Text("7", percent) == "0.07");
  CHECK(Text("-112.5", percent) == "-1.125");
  CHECK(Text("1e1", percent) == "0.1");
}

TEST_CASE("Amounts keep to their currency's decimals and to 64 bits") {
  const CellFormat format = Of(AttributeType::kMoney);
  CHECK(Text("1234.5", format) == "1234.50 USD");
  CHECK(Text("0.001", format) == "bad: more decimals than the currency has");
  const char* const doubtful =
      "bad: three decimals, or a point between thousands: set decimal_comma, or round";
  CHECK(Text("250.000", format) == doubtful);
  CHECK(Text("-1.500", format) == doubtful);
  CHECK(Text("251.347", format) == doubtful);
  CHECK(Text("99999999999999999999", format) == "bad: the amount is too large");
  CHECK(Text("1e5", format) == "bad: not an amount");
  CHECK(Text("1.2.3", format) == "bad: not an amount");
  CHECK(Text(".", format) == "bad: not an amount");
  CHECK(Text("-", format) == "bad: not an amount");
}

TEST_CASE("A minimum and a maximum are inclusive") {
  CellFormat format = Of(AttributeType::kMoney);
  format.minimum = 0;
  format.maximum = 100;
  CHECK(Text("0", format) == "0.00 USD");
  CHECK(Text("100", format) == "100.00 USD");
  CHECK(Text("-0.01", format) == "bad: smaller than the mapping's minimum");
  CHECK(Text("100.01", format) == "bad: larger than the mapping's maximum");
}

TEST_CASE("A category keeps its word unless the mapping lists words") {
  CellFormat format = Of(AttributeType::kCategory);
  CHECK(Text("Any word", format) == "Any word");
  format.words = {{"Y", "yes"}};
  CHECK(Text("Y", format) == "yes");
  CHECK(Text("T", format) == "bad: not a word that the mapping lists");
  format.other_words = OtherWords::kUnknown;
  CHECK(Text("T", format) == "unknown");
  format.other_words = OtherWords::kNull;
  CHECK(Text("T", format) == "empty");
}

TEST_CASE("A category has no control characters and is not endless") {
  const CellFormat format = Of(AttributeType::kCategory);
  CHECK(Text("a\nb", format) == "bad: a word must not hold control characters");
  CHECK(Text(std::string(kMaxCategoryBytes + 1, 'x'), format) ==
        "bad: the word is longer than 128 bytes");
}

TEST_CASE("A date must exist in the calendar") {
  const CellFormat format = Of(AttributeType::kDate);
  CHECK(Text("2024-02-29", format) == "2024-02-29");
  CHECK(Text("2023-02-29", format) == "bad: no such day in the calendar");
  CHECK(Text("29.02.2024", format) == "bad: not a date in a form that the mapping lists");
}

TEST_CASE("An external id is short and printable") {
  CHECK(IsExternalId("a"));
  CHECK(IsExternalId(std::string(256, 'a')));
  CHECK_FALSE(IsExternalId(""));
  CHECK_FALSE(IsExternalId(std::string(257, 'a')));
  CHECK_FALSE(IsExternalId("a\tb"));
  CHECK_FALSE(IsExternalId("a\xc2\x85"));
}

}  // namespace
}  // namespace recoup::graph
