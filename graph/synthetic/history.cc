#include <algorithm>
#include <cmath>
#include <cstddef>

#include "graph/synthetic/group_parts.h"

namespace recoup::graph::synthetic {
namespace {

void AddProceeding(std::size_t index, Random* random, Group* group) {
  const Loan& loan = group->loans[index];
  Proceeding proceeding;
  proceeding.loan = index;
  proceeding.type = static_cast<std::uint32_t>(random->Integer(0, 2));
  const std::int32_t room = DaysBetween(loan.default_date, loan.valuation);
  const auto filed_after = static_cast<std::int32_t>(random->Integer(5, room));
  proceeding.filed_on = loan.default_date.PlusDays(filed_after);
  // The older a case by the valuation date, the further it is.
  proceeding.stage = static_cast<std::uint32_t>(std::min((room - filed_after) / 30, 2));
  group->proceedings.push_back(proceeding);
}

// Payments dry up towards the default and trickle after it.
void AddRepayments(std::size_t index, Random* random, Group* group) {
  const Loan& loan = group->loans[index];
  const std::int64_t months = random->Integer(1, 4);
  double part = random->Uniform(0.005, 0.03);
  for (std::int64_t month = months; month >= 1; --month) {
    const Date day = loan.default_date.PlusDays(-static_cast<std::int32_t>(month * 30));
    group->repayments.push_back(
        {index, day, std::max(1.0, std::floor(loan.original_amount * part))});
    part *= random->Uniform(0.4, 0.9);
  }
}

}  // namespace

void AddHistory(Random* random, Group* group) {
  for (std::size_t loan = 0; loan < group->loans.size(); ++loan) {
    if (random->Chance(0.6)) AddProceeding(loan, random, group);
    AddRepayments(loan, random, group);
  }
}

}  // namespace recoup::graph::synthetic
