#include "model/valuation/loan_valuation.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "model/valuation/calibrated_interval.h"
#include "tests/unit/model/valuation/worked_example.h"

namespace recoup::model {
namespace {

using Catch::Matchers::WithinAbs;

Money Yuan(std::int64_t minor_units) {
  const auto currency = Currency::Parse("CNY");
  REQUIRE(currency.has_value());
  return {minor_units, *currency};
}

// Half-life of one month, two months to go, one percent a month, ten percent costs.
ValuationTerms WorkedTerms() {
  return {.target_irr = Rate(std::pow(1.01, 12) - 1.0),
          .cost_share = Rate(0.1),
          .mean_months_to_recovery = 1.0 / std::log(2.0),
          .horizon_months = 2};
}

RecoveryForecast WorkedForecast() {
  const auto forecast = CalibrateForecast(WorkedExample(), 0.5, 0.01);
  REQUIRE(forecast.has_value());
  return *forecast;
}

LoanValuation Value(const RecoveryForecast& forecast, Money claim, const ValuationTerms& terms) {
  const auto valuation = ValueLoan(forecast, claim, terms);
  REQUIRE(valuation.has_value());
  return *valuation;
}

std::int64_t SumOfMonths(const LoanValuation& valuation) {
  std::int64_t sum = 0;
  for (const Money month : valuation.monthly_recoveries) {
    REQUIRE(month.minor_units() >= 0);
    REQUIRE(month.currency() == valuation.claim.currency());
    sum += month.minor_units();
  }
  return sum;
}

RecoveryForecast Arbitrary(std::uint64_t seed) {
  RecoveryDistribution::Masses masses{};
  double total = 0.0;
  for (double& mass : masses) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    mass = static_cast<double>(seed >> 44);
    total += mass;
  }
  for (double& mass : masses) mass /= total;
  const auto distribution = RecoveryDistribution::FromMasses(masses);
  REQUIRE(distribution.has_value());
  const auto forecast = CalibrateForecast(*distribution, 0.8, 0.02);
  REQUIRE(forecast.has_value());
  return *forecast;
}

TEST_CASE("The worked example's recoveries are shares of the claim") {
  const LoanValuation valuation = Value(WorkedForecast(), Yuan(1000'00), WorkedTerms());
  CHECK(valuation.claim == Yuan(1000'00));
  CHECK_THAT(valuation.expected_rate.fraction(), WithinAbs(0.474, 1e-12));
  CHECK_THAT(valuation.lower_rate.fraction(), WithinAbs(0.205, 1e-12));
  CHECK(valuation.coverage == 0.5);
  CHECK(valuation.expected_recovery == Yuan(474'00));
  CHECK(valuation.recovery_p10 == Yuan(0));
  CHECK(valuation.recovery_p50 == Yuan(240'00));
  CHECK(valuation.recovery_p90 == Yuan(1000'00));
  CHECK(valuation.recovery_lower == Yuan(205'00));
  CHECK(valuation.recovery_upper == Yuan(643'33));
}

TEST_CASE("The worked example's cash flow is two thirds and one third") {
  const LoanValuation valuation = Value(WorkedForecast(), Yuan(1000'00), WorkedTerms());
  REQUIRE(valuation.monthly_recoveries.size() == 2);
  CHECK(valuation.monthly_recoveries[0] == Yuan(316'00));
  CHECK(valuation.monthly_recoveries[1] == Yuan(158'00));
}

TEST_CASE("The worked example's price is its discounted net cash flow") {
  // 0.9 * (2/3 / 1.01 + 1/3 / 1.0201) = 0.888148220763 of every unit recovered.
  const LoanValuation valuation = Value(WorkedForecast(), Yuan(1000'00), WorkedTerms());
  CHECK(valuation.price == Yuan(420'98));        // 474.00 * 0.888148 = 420.982
  CHECK(valuation.price_lower == Yuan(182'07));  // 205.00 * 0.888148 = 182.070
  CHECK(valuation.price_upper == Yuan(571'38));  // 643.3333 * 0.888148 = 571.375
}

TEST_CASE("A loan that certainly pays is priced by the default terms at 0.7702 of its claim") {
  // 0.92 * 0.8371284310 (docs/valuation.md, V-7)
  RecoveryDistribution::Masses masses{};
  masses[26] = 1.0;
  const auto distribution = RecoveryDistribution::FromMasses(masses);
  REQUIRE(distribution.has_value());
  const RecoveryForecast forecast{.distribution = *distribution, .lower = 1.0, .upper = 1.0};
  const LoanValuation valuation = Value(forecast, Yuan(1'000'000'00), {});
  CHECK(valuation.price == Yuan(770'158'16));
  CHECK(valuation.price_lower == valuation.price);
  CHECK(valuation.monthly_recoveries.size() == 60);
}

TEST_CASE("A mean outside the interval is reported as it is") {
  // Most mass at zero, a long tail: the central half of the distribution is the point 0.
  RecoveryDistribution::Masses masses{};
  masses[0] = 0.8;
  masses[26] = 0.2;
  const auto distribution = RecoveryDistribution::FromMasses(masses);
  REQUIRE(distribution.has_value());
  const auto forecast = CalibrateForecast(*distribution, 0.5, 0.0);
  REQUIRE(forecast.has_value());
  const LoanValuation valuation = Value(*forecast, Yuan(100'00), {});
  CHECK(valuation.recovery_upper == Yuan(0));
  CHECK(valuation.expected_recovery == Yuan(20'00));
}

TEST_CASE("Amounts keep their order and bounds, and months sum to the cent") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto claim = static_cast<std::int64_t>(seed * seed * seed * 7919 % 1'000'000'007);
    const LoanValuation v = Value(Arbitrary(seed), Yuan(claim), {});
    CHECK(0 <= v.recovery_p10.minor_units());
    CHECK(v.recovery_p10.minor_units() <= v.recovery_p50.minor_units());
    CHECK(v.recovery_p50.minor_units() <= v.recovery_p90.minor_units());
    CHECK(v.recovery_p90.minor_units() <= claim);
    CHECK(0 <= v.recovery_lower.minor_units());
    CHECK(v.recovery_lower.minor_units() <= v.recovery_upper.minor_units());
    CHECK(v.recovery_upper.minor_units() <= claim);
    CHECK(0 <= v.price_lower.minor_units());
    CHECK(v.price_lower.minor_units() <= v.price_upper.minor_units());
    CHECK(v.price_upper.minor_units() <= v.recovery_upper.minor_units());
    CHECK(v.price.minor_units() <= v.expected_recovery.minor_units());
    CHECK(SumOfMonths(v) == v.expected_recovery.minor_units());
  }
}

TEST_CASE("The price falls as the target return, the costs or the time to recovery rise") {
  const Money claim = Yuan(1'000'000'00);
  std::int64_t by_irr = std::numeric_limits<std::int64_t>::max();
  std::int64_t by_cost = by_irr;
  std::int64_t by_time = by_irr;
  for (int step = 0; step <= 40; ++step) {
    const LoanValuation irr = Value(Arbitrary(3), claim, {.target_irr = Rate(-0.2 + 0.05 * step)});
    const LoanValuation cost = Value(Arbitrary(3), claim, {.cost_share = Rate(step / 40.0)});
    const LoanValuation time = Value(Arbitrary(3), claim, {.mean_months_to_recovery = 1.0 + step});
    CHECK(irr.price.minor_units() < by_irr);
    CHECK(cost.price.minor_units() < by_cost);
    CHECK(time.price.minor_units() < by_time);
    by_irr = irr.price.minor_units();
    by_cost = cost.price.minor_units();
    by_time = time.price.minor_units();
  }
  CHECK(by_cost == 0);
}

TEST_CASE("The price differs from the discounted printed cash flow by rounding alone") {
  const ValuationTerms terms;
  const LoanValuation valuation = Value(Arbitrary(9), Yuan(123'456'78), terms);
  double discounted = 0.0;
  for (std::size_t i = 0; i < valuation.monthly_recoveries.size(); ++i) {
    discounted += 0.92 * static_cast<double>(valuation.monthly_recoveries[i].minor_units()) *
                  std::pow(1.15, -static_cast<double>(i + 1) / 12.0);
  }
  CHECK(std::fabs(discounted - static_cast<double>(valuation.price.minor_units())) < 61.0);
}

TEST_CASE("A claim of nothing is worth nothing") {
  const LoanValuation valuation = Value(WorkedForecast(), Yuan(0), {});
  CHECK(valuation.price == Yuan(0));
  CHECK(SumOfMonths(valuation) == 0);
}

TEST_CASE("A negative claim is refused") {
  const auto result = ValueLoan(WorkedForecast(), Yuan(-1), {});
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error() ==
        Error{ErrorCode::kInvalidArgument, "a claim must not be negative: -0.01 CNY"});
}

TEST_CASE("Terms that make no sense are refused by name") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto message = [](const ValuationTerms& terms) {
    const auto result = CheckTerms(terms);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == ErrorCode::kInvalidArgument);
    CHECK(ValueLoan(WorkedForecast(), Yuan(1), terms).error() == result.error());
    return result.error().message;
  };
  CHECK(message({.target_irr = Rate(-1.0)}).starts_with("the target IRR"));
  CHECK(message({.target_irr = Rate(nan)}).starts_with("the target IRR"));
  CHECK(message({.cost_share = Rate(-0.01)}).starts_with("the cost share"));
  CHECK(message({.cost_share = Rate(1.01)}).starts_with("the cost share"));
  CHECK(message({.cost_share = Rate(nan)}).starts_with("the cost share"));
  CHECK(message({.mean_months_to_recovery = 0.0}).starts_with("the mean months"));
  CHECK(message({.horizon_months = 0}).starts_with("the horizon"));
  CHECK(CheckTerms({}).has_value());
}

TEST_CASE("A forecast whose interval is not one is refused") {
  RecoveryForecast forecast = WorkedForecast();
  forecast.lower = 0.7;
  CHECK(ValueLoan(forecast, Yuan(1), {}).error().code == ErrorCode::kInvalidArgument);
  forecast.lower = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(ValueLoan(forecast, Yuan(1), {}).has_value());
  forecast.lower = 0.1;
  forecast.upper = 1.1;
  CHECK_FALSE(ValueLoan(forecast, Yuan(1), {}).has_value());
  forecast.upper = 1.0;
  forecast.coverage = 1.0;
  CHECK_FALSE(ValueLoan(forecast, Yuan(1), {}).has_value());
}

TEST_CASE("A price that does not fit is an error, not a wrong number") {
  const Money most = Yuan(std::numeric_limits<std::int64_t>::max() / 2);
  const auto result = ValueLoan(Arbitrary(1), most, {.target_irr = Rate(-0.999999)});
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::kOutOfRange);
}

}  // namespace
}  // namespace recoup::model
