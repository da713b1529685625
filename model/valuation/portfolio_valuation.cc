#include "model/valuation/portfolio_valuation.h"

namespace recoup::model {

Result<void> PortfolioValuation::Add(const LoanValuation& loan) {
  const Currency currency = loan.claim.currency();
  const Money zero(0, currency);
  const std::string code(currency.code());
  const auto known = totals_.find(code);
  // Worked on a copy, so that an overflow in one sum leaves the others untouched.
  CurrencyTotal total = known != totals_.end() ? known->second
                                               : CurrencyTotal{.claim = zero,
                                                               .expected_recovery = zero,
                                                               .price = zero,
                                                               .price_lower = zero,
                                                               .price_upper = zero};
  ++total.loans;
  RECOUP_ASSIGN(total.claim, total.claim.Plus(loan.claim));
  RECOUP_ASSIGN(total.expected_recovery, total.expected_recovery.Plus(loan.expected_recovery));
  RECOUP_ASSIGN(total.price, total.price.Plus(loan.price));
  RECOUP_ASSIGN(total.price_lower, total.price_lower.Plus(loan.price_lower));
  RECOUP_ASSIGN(total.price_upper, total.price_upper.Plus(loan.price_upper));
  totals_[code] = total;
  return {};
}

}  // namespace recoup::model
