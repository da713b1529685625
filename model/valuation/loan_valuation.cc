#include "model/valuation/loan_valuation.h"

#include <cmath>
#include <string>

#include "model/valuation/apportion.h"
#include "model/valuation/collection_curve.h"

namespace recoup::model {
namespace {

Error Invalid(const std::string& text, double value) {
  return {ErrorCode::kInvalidArgument, text + ": " + std::to_string(value)};
}

Result<void> CheckForecast(const RecoveryForecast& forecast) {
  // Negated comparisons also catch NaN.
  if (!(forecast.lower >= 0.0 && forecast.lower <= forecast.upper && forecast.upper <= 1.0)) {
    return Error{ErrorCode::kInvalidArgument,
                 "the interval of a forecast must lie within [0, 1], lower end first: " +
                     std::to_string(forecast.lower) + ", " + std::to_string(forecast.upper)};
  }
  if (!(forecast.coverage > 0.0 && forecast.coverage < 1.0)) {
    return Invalid("the coverage of a forecast must lie between 0 and 1", forecast.coverage);
  }
  return {};
}

Result<void> CheckRates(const ValuationTerms& terms) {
  if (!std::isfinite(terms.target_irr.fraction()) || terms.target_irr.fraction() <= -1.0) {
    return Invalid("the target IRR must be more than -1", terms.target_irr.fraction());
  }
  if (!(terms.cost_share.fraction() >= 0.0 && terms.cost_share.fraction() <= 1.0)) {
    return Invalid("the cost share must be 0 to 1", terms.cost_share.fraction());
  }
  return {};
}

// Shares of the curve as whole numbers, so that cents are split in exact arithmetic. 2^53 keeps all
// digits of a double near 1.
std::vector<std::uint64_t> Weights(const CollectionCurve& curve) {
  std::vector<std::uint64_t> weights;
  weights.reserve(curve.shares().size());
  for (const double share : curve.shares()) {
    weights.push_back(static_cast<std::uint64_t>(std::ldexp(share, 53)));
  }
  return weights;
}

Result<void> FillRecoveries(const RecoveryForecast& forecast, LoanValuation* valuation) {
  const RecoveryDistribution& distribution = forecast.distribution;
  const Money claim = valuation->claim;
  RECOUP_ASSIGN(valuation->expected_recovery, claim.Times(valuation->expected_rate));
  RECOUP_ASSIGN(valuation->recovery_p10, claim.Times(Rate(distribution.Quantile(0.1))));
  RECOUP_ASSIGN(valuation->recovery_p50, claim.Times(Rate(distribution.Quantile(0.5))));
  RECOUP_ASSIGN(valuation->recovery_p90, claim.Times(Rate(distribution.Quantile(0.9))));
  RECOUP_ASSIGN(valuation->recovery_lower, claim.Times(valuation->lower_rate));
  RECOUP_ASSIGN(valuation->recovery_upper, claim.Times(valuation->upper_rate));
  return {};
}

// One rounding an amount: prices rise with the rate, and never by the accident of a cent.
Result<void> FillPrices(double price_of_one, LoanValuation* valuation) {
  const auto price = [&](Rate rate) {
    return valuation->claim.Times(Rate(rate.fraction() * price_of_one));
  };
  RECOUP_ASSIGN(valuation->price, price(valuation->expected_rate));
  RECOUP_ASSIGN(valuation->price_lower, price(valuation->lower_rate));
  RECOUP_ASSIGN(valuation->price_upper, price(valuation->upper_rate));
  return {};
}

}  // namespace

Result<void> CheckTerms(const ValuationTerms& terms) {
  RECOUP_TRY(CheckRates(terms));
  RECOUP_TRY(CollectionCurve::Create(terms.mean_months_to_recovery, terms.horizon_months));
  return {};
}

Result<LoanValuation> ValueLoan(const RecoveryForecast& forecast, Money claim,
                                const ValuationTerms& terms) {
  if (claim.minor_units() < 0) {
    return Error{ErrorCode::kInvalidArgument, "a claim must not be negative: " + claim.ToString()};
  }
  RECOUP_TRY(CheckForecast(forecast));
  RECOUP_TRY(CheckRates(terms));
  RECOUP_ASSIGN(const CollectionCurve curve,
                CollectionCurve::Create(terms.mean_months_to_recovery, terms.horizon_months));
  LoanValuation valuation;
  valuation.claim = claim;
  valuation.expected_rate = Rate(forecast.distribution.Mean());
  valuation.lower_rate = Rate(forecast.lower);
  valuation.upper_rate = Rate(forecast.upper);
  valuation.coverage = forecast.coverage;
  RECOUP_TRY(FillRecoveries(forecast, &valuation));
  const double net_share = 1.0 - terms.cost_share.fraction();
  RECOUP_TRY(FillPrices(net_share * curve.PresentValue(terms.target_irr), &valuation));
  valuation.monthly_recoveries = Apportion(valuation.expected_recovery, Weights(curve));
  return valuation;
}

}  // namespace recoup::model
