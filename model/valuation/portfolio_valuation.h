// What a portfolio is worth: the sums of its loans, one per currency.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "graph/types/money.h"
#include "graph/types/result.h"
#include "model/valuation/loan_valuation.h"

namespace recoup::model {

/// Sums over the loans of one currency. Recovery quantiles are left out: they do not add up.
struct CurrencyTotal {
  std::uint64_t loans = 0;
  Money claim;
  Money expected_recovery;
  Money price;
  /// Sums of the loans' interval ends: what the portfolio would fetch if all loans came in at their
  /// lower (upper) end at once. Wider than an interval for the sum unless all move together.
  Money price_lower;
  Money price_upper;

  bool operator==(const CurrencyTotal&) const = default;
};

/// Adds up loans; currencies are never converted (docs/valuation.md, V-8).
/// Threads: not safe to share while adding.
class PortfolioValuation {
 public:
  /// Adds one loan, or nothing if a sum does not fit.
  /// Errors: kOutOfRange (a sum overflows).
  Result<void> Add(const LoanValuation& loan);

  /// By currency code, ascending.
  const std::map<std::string, CurrencyTotal>& totals() const { return totals_; }

 private:
  std::map<std::string, CurrencyTotal> totals_;
};

}  // namespace recoup::model
