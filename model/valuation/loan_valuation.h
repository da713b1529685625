// From a forecast to money: what a loan is expected to bring, when, and what to pay for it.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/types/money.h"
#include "graph/types/rate.h"
#include "graph/types/result.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// The buyer's terms. Every default is an assumption, not an estimate.
struct ValuationTerms {
  /// Yearly return to be earned; more than -1.
  Rate target_irr{0.15};
  /// Share of the recoveries spent on collecting them; 0 to 1.
  Rate cost_share{0.08};
  /// Mean of the time to recovery before the horizon cuts it off; positive.
  double mean_months_to_recovery = 18.0;
  /// Nothing is collected after this many months; 1 to 1200.
  std::uint32_t horizon_months = 60;

  bool operator==(const ValuationTerms&) const = default;
};

/// A loan in money. Always, with every amount in the claim's currency:
/// 0 <= recovery_p10 <= recovery_p50 <= recovery_p90 <= claim,
/// 0 <= recovery_lower <= recovery_upper <= claim, 0 <= expected_recovery <= claim, and
/// 0 <= price_lower <= price_upper; if target_irr is not negative, each price is at most its
/// recovery. Not promised: that the mean lies within the interval. A skewed distribution has its
/// mean outside a narrow central interval, and then price lies outside [price_lower, price_upper].
struct LoanValuation {
  Money claim;
  /// Unit: share of the claim.
  Rate expected_rate;
  Rate lower_rate;
  Rate upper_rate;
  /// Probability with which the outcome lies in [lower_rate, upper_rate], such as 0.8.
  double coverage = 0.0;
  /// Before costs (V-5).
  Money expected_recovery;
  Money recovery_p10;
  Money recovery_p50;
  Money recovery_p90;
  Money recovery_lower;
  Money recovery_upper;
  /// After costs, discounted (V-7).
  Money price;
  Money price_lower;
  Money price_upper;
  /// Shape: one per month up to the horizon; sums exactly to expected_recovery (V-6).
  std::vector<Money> monthly_recoveries;

  bool operator==(const LoanValuation&) const = default;
};

/// Errors: kInvalidArgument (a term makes no sense; names it).
Result<void> CheckTerms(const ValuationTerms& terms);

/// Values one loan (docs/valuation.md, V-5 to V-7).
/// Errors: kInvalidArgument (negative claim, a term that makes no sense, an interval that is not
/// within [0, 1]), kOutOfRange (a negative target_irr makes a price that does not fit).
Result<LoanValuation> ValueLoan(const RecoveryForecast& forecast, Money claim,
                                const ValuationTerms& terms);

}  // namespace recoup::model
