#include "graph/types/money.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace recoup {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

const Currency kDollar = *Currency::Parse("USD");
const Currency kYen = *Currency::Parse("JPY");
const Currency kDinar = *Currency::Parse("KWD");

std::int64_t Parsed(const char* text, Currency currency) {
  const auto money = Money::Parse(text, currency);
  INFO(text);
  REQUIRE(money.has_value());
  return money->minor_units();
}

ErrorCode Refused(const char* text, Currency currency) {
  const auto money = Money::Parse(text, currency);
  INFO(text);
  REQUIRE_FALSE(money.has_value());
  return money.error().code;
}

TEST_CASE("Currencies know their decimals") {
  CHECK(kDollar.minor_digits() == 2);
  CHECK(kYen.minor_digits() == 0);
  CHECK(kDinar.minor_digits() == 3);
  CHECK(Currency().code() == "XXX");
  for (const char* code : {"", "usd", "US", "USDX", "XXX", "XAU", "SD ", " US", "D A"}) {
    INFO(code);
    CHECK_FALSE(Currency::Parse(code).has_value());
  }
}

TEST_CASE("Amounts are read to the minor unit") {
  CHECK(Parsed("1234.5", kDollar) == 123450);
  CHECK(Parsed("-3", kDollar) == -300);
  CHECK(Parsed("+3", kDollar) == 300);
  CHECK(Parsed("1,234.50", kDollar) == 123450);
  CHECK(Parsed("1,234,567", kYen) == 1234567);
  CHECK(Parsed(".5", kDollar) == 50);
  CHECK(Parsed("0.0010", kDinar) == 1);
  CHECK(Parsed("7.00", kYen) == 7);
  CHECK(Parsed("92233720368547758.07", kDollar) == kMost);
}

TEST_CASE("What is no amount is refused") {
  for (const char* text : {"", "-", ".", ",", "1.2.3", "1e3", "0x10", "nan", "1 000", "12,34.5",
                           ",123", "1,,234", "1234,567", "1.2,3", "--1", "$5", "5 USD"}) {
    CHECK(Refused(text, kDollar) == ErrorCode::kInvalidArgument);
  }
  CHECK(Refused("1.234", kDollar) == ErrorCode::kInvalidArgument);
  CHECK(Refused("1.5", kYen) == ErrorCode::kInvalidArgument);
  CHECK(Refused("92233720368547758.08", kDollar) == ErrorCode::kOutOfRange);
  CHECK(Refused("99999999999999999999999999", kYen) == ErrorCode::kOutOfRange);
}

TEST_CASE("A point that may stand between thousands is refused, not read as a decimal point") {
  for (const char* text : {"250.000", "1.500", "1.000", "-12.340", "+1.000"}) {
    const auto money = Money::Parse(text, kDollar);
    INFO(text);
    REQUIRE_FALSE(money.has_value());
    CHECK(money.error().code == ErrorCode::kInvalidArgument);
    CHECK(money.error().message.find("set decimal_comma or remove the decimals") !=
          std::string::npos);
  }
  CHECK(Refused("1.000", kYen) == ErrorCode::kInvalidArgument);
  CHECK(Parsed("1234.5000", kDollar) == 123450);
  CHECK(Parsed("1234.500", kDollar) == 123450);
  CHECK(Parsed("1,234.500", kDollar) == 123450);
  CHECK(Parsed("1.5000", kDollar) == 150);
  CHECK(Parsed("0.000", kDollar) == 0);
  CHECK(Parsed("0.500", kDollar) == 50);
  CHECK(Parsed("1.500", kDinar) == 1500);
}

TEST_CASE("Amounts print with all their decimals") {
  CHECK(Money(123450, kDollar).ToString() == "1234.50 USD");
  CHECK(Money(-5, kDollar).ToDecimal() == "-0.05");
  CHECK(Money(-5, kYen).ToDecimal() == "-5");
  CHECK(Money(5, kDinar).ToDecimal() == "0.005");
  CHECK(Money(kLeast, kDollar).ToDecimal() == "-92233720368547758.08");
}

TEST_CASE("Any amount comes back from its text") {
  std::mt19937_64 random(17);
  for (int i = 0; i < 20000; ++i) {
    const auto units = static_cast<std::int64_t>(random() >> (1 + random() % 60));
    for (const Currency currency : {kDollar, kYen, kDinar}) {
      for (const std::int64_t signed_units : {units, -units}) {
        const Money money(signed_units, currency);
        REQUIRE(*Money::Parse(money.ToDecimal(), currency) == money);
      }
    }
  }
}

TEST_CASE("Sums are exact, and neither mix currencies nor overflow") {
  CHECK(*Money(1, kDollar).Plus(Money(2, kDollar)) == Money(3, kDollar));
  CHECK(Money(1, kDollar).Plus(Money(2, kYen)).error().code == ErrorCode::kInvalidArgument);
  CHECK(Money(kMost, kDollar).Plus(Money(1, kDollar)).error().code == ErrorCode::kOutOfRange);
  CHECK(Money(kLeast, kDollar).Plus(Money(-1, kDollar)).error().code == ErrorCode::kOutOfRange);
}

TEST_CASE("Shares round half to even") {
  const auto half = [](std::int64_t units) {
    return Money(units, kDollar).Times(Rate(0.5))->minor_units();
  };
  CHECK(half(1) == 0);   // 0.5
  CHECK(half(3) == 2);   // 1.5
  CHECK(half(5) == 2);   // 2.5
  CHECK(half(7) == 4);   // 3.5
  CHECK(half(-1) == 0);  // -0.5
  CHECK(half(-3) == -2);
  CHECK(half(-5) == -2);
  CHECK(Money(100, kDollar).Times(Rate(0.333))->minor_units() == 33);
  CHECK(Money(kMost, kDollar).Times(Rate(1.0))->minor_units() == kMost);
}

TEST_CASE("Shares that are no finite amount are refused") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double share : {infinity, -infinity, std::nan(""), 2.0, -2.0}) {
    const auto product = Money(kMost, kDollar).Times(Rate(share));
    INFO(share);
    REQUIRE_FALSE(product.has_value());
    CHECK(product.error().code == ErrorCode::kOutOfRange);
  }
}

}  // namespace
}  // namespace recoup
