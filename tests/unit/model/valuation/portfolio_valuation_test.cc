#include "model/valuation/portfolio_valuation.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <limits>
#include <string>

namespace recoup::model {
namespace {

LoanValuation Loan(const std::string& code, std::int64_t claim, std::int64_t expected,
                   std::int64_t price) {
  const auto currency = Currency::Parse(code);
  REQUIRE(currency.has_value());
  LoanValuation loan;
  loan.claim = Money(claim, *currency);
  loan.expected_recovery = Money(expected, *currency);
  loan.price = Money(price, *currency);
  loan.price_lower = Money(price - 1, *currency);
  loan.price_upper = Money(price + 1, *currency);
  return loan;
}

TEST_CASE("Amounts of one currency are added up") {
  PortfolioValuation portfolio;
  REQUIRE(portfolio.Add(Loan("CNY", 1000, 474, 420)).has_value());
  REQUIRE(portfolio.Add(Loan("CNY", 500, 100, 80)).has_value());
  const CurrencyTotal& total = portfolio.totals().at("CNY");
  CHECK(total.loans == 2);
  CHECK(total.claim.minor_units() == 1500);
  CHECK(total.expected_recovery.minor_units() == 574);
  CHECK(total.price.minor_units() == 500);
  CHECK(total.price_lower.minor_units() == 498);
  CHECK(total.price_upper.minor_units() == 502);
}

TEST_CASE("Currencies are kept apart, in order of their codes") {
  PortfolioValuation portfolio;
  REQUIRE(portfolio.Add(Loan("USD", 7, 5, 3)).has_value());
  REQUIRE(portfolio.Add(Loan("CNY", 1000, 474, 420)).has_value());
  REQUIRE(portfolio.totals().size() == 2);
  CHECK(portfolio.totals().begin()->first == "CNY");
  CHECK(portfolio.totals().at("USD").price.ToString() == "0.03 USD");
}

TEST_CASE("An empty portfolio has no totals") { CHECK(PortfolioValuation().totals().empty()); }

TEST_CASE("A sum that does not fit leaves the portfolio as it was") {
  PortfolioValuation portfolio;
  REQUIRE(portfolio.Add(Loan("CNY", 1000, 474, 420)).has_value());
  const auto before = portfolio.totals();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK(portfolio.Add(Loan("CNY", most, 1, 1)).error().code == ErrorCode::kOutOfRange);
  CHECK(portfolio.Add(Loan("CNY", 1, 1, most - 1)).error().code == ErrorCode::kOutOfRange);
  CHECK(portfolio.totals() == before);
}

}  // namespace
}  // namespace recoup::model
