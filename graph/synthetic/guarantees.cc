#include <cmath>
#include <cstddef>

#include "graph/synthetic/exact_math.h"
#include "graph/synthetic/group_parts.h"

namespace recoup::graph::synthetic {
namespace {

void GuaranteeLoansOf(std::size_t debtor, std::size_t guarantor, Random* random, Group* group) {
  for (std::size_t loan = 0; loan < group->loans.size(); ++loan) {
    if (group->loans[loan].debtor != debtor) continue;
    const double share = random->Uniform(0.5, 1.0);
    group->guarantees.push_back({guarantor, loan, std::floor(group->loans[loan].balance * share)});
  }
}

double DebtOf(const Group& group, std::size_t debtor) {
  double debt = 0.0;
  for (const Loan& loan : group.loans) {
    if (loan.debtor == debtor) debt += loan.balance;
  }
  return debt;
}

// An owner, a relative or a sister company of the debtor.
Party DrawGuarantor(const Party& debtor, double debt, Random* random) {
  Party guarantor;
  const bool firm = debtor.type == PartyType::kCorporate && random->Chance(0.4);
  guarantor.type = firm ? PartyType::kCorporate : PartyType::kRetail;
  guarantor.region = debtor.region;
  guarantor.industry = debtor.industry;
  guarantor.reported_on = debtor.reported_on;
  // Some have nothing left, some could pay it all: the spread is what makes guarantors matter.
  guarantor.net_assets = LogNormalAmount(Log(debt) - 0.9, 1.6, random);
  if (firm) {
    guarantor.employees = random->Integer(5, 400);
  } else {
    guarantor.annual_income = LogNormalAmount(12.1, 0.7, random);
  }
  return guarantor;
}

void AddOutsideGuarantors(std::size_t debtor, Random* random, Group* group) {
  const Party party = group->parties[debtor];
  const bool corporate = party.type == PartyType::kCorporate;
  if (!random->Chance(corporate ? 0.55 : 0.45)) return;
  const std::int64_t count = random->Integer(1, corporate ? 2 : 1);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::size_t guarantor = group->parties.size();
    group->parties.push_back(DrawGuarantor(party, DebtOf(*group, debtor), random));
    GuaranteeLoansOf(debtor, guarantor, random, group);
  }
}

}  // namespace

void AddGuarantees(Random* random, Group* group) {
  const std::size_t debtors = group->parties.size();
  if (group->pattern != GuaranteePattern::kNone) {
    // In a chain the first debtor has no guarantor within the group.
    const bool closed = group->pattern != GuaranteePattern::kChain;
    for (std::size_t debtor = closed ? 0 : 1; debtor < debtors; ++debtor) {
      GuaranteeLoansOf(debtor, (debtor + debtors - 1) % debtors, random, group);
    }
  }
  for (std::size_t debtor = 0; debtor < debtors; ++debtor) {
    AddOutsideGuarantors(debtor, random, group);
  }
}

}  // namespace recoup::graph::synthetic
