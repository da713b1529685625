#include <algorithm>
#include <cmath>

#include "graph/synthetic/exact_math.h"
#include "graph/synthetic/group_parts.h"

namespace recoup::graph::synthetic {
namespace {

// What the parties and loans of one group have in common.
struct GroupSetting {
  std::uint32_t region = 0;
  std::uint32_t lender = 0;
  Date last_default;
};

std::uint32_t DrawIndex(std::size_t count, Random* random) {
  return static_cast<std::uint32_t>(random->Integer(0, static_cast<std::int64_t>(count) - 1));
}

// Debtors of a group default within months of each other. The youngest default is four months old,
// so that every loan has been valued by the last day of the tape.
GroupSetting DrawSetting(const World& world, Random* random) {
  GroupSetting setting;
  setting.region = DrawIndex(world.regions.size(), random);
  setting.lender = DrawIndex(world.lenders.size(), random);
  setting.last_default =
      world.as_of.PlusDays(-static_cast<std::int32_t>(random->Integer(125, 2150)));
  return setting;
}

std::int64_t DebtorCount(GuaranteePattern pattern, Random* random) {
  switch (pattern) {
    case GuaranteePattern::kNone:
      return 1;
    case GuaranteePattern::kMutual:
      return 2;
    case GuaranteePattern::kChain:
      return random->Integer(3, 5);
    case GuaranteePattern::kCircular:
      return random->Integer(3, 6);
  }
  return 1;
}

// Mostly a court of the loan's region, sometimes that of a contract's jurisdiction clause.
std::uint32_t DrawCourt(const World& world, std::uint32_t region, Random* random) {
  const std::uint32_t any = DrawIndex(world.courts.size(), random);
  if (!random->Chance(0.85)) return any;
  const auto regions = static_cast<std::uint32_t>(world.regions.size());
  const auto courts = static_cast<std::uint32_t>(world.courts.size());
  const std::uint32_t local = any - any % regions + region;
  return local < courts ? local : region;
}

std::uint32_t DrawAssetClass(Random* random) {
  const double draw = random->Uniform();
  return draw < 0.45 ? 0U : draw < 0.80 ? 1U : 2U;
}

void DrawDates(const GroupSetting& setting, Random* random, Loan* loan) {
  const auto days = [random](std::int64_t low, std::int64_t high) {
    return static_cast<std::int32_t>(random->Integer(low, high));
  };
  loan->default_date = setting.last_default.PlusDays(-days(0, 240));
  loan->origination = loan->default_date.PlusDays(-days(200, 2400));
  loan->maturity = loan->origination.PlusDays(days(360, 3650));
  loan->valuation = loan->default_date.PlusDays(days(20, 110));
}

Loan DrawLoan(const World& world, const GroupSetting& setting, PartyType type, Random* random) {
  const bool corporate = type == PartyType::kCorporate;
  Loan loan;
  loan.lender = random->Chance(0.7) ? setting.lender : DrawIndex(world.lenders.size(), random);
  loan.region = setting.region;
  loan.court = DrawCourt(world, setting.region, random);
  loan.product = (corporate ? 2U : 0U) + (random->Chance(0.45) ? 1U : 0U);
  loan.asset_class = DrawAssetClass(random);
  // Medians of 2.4 million for firms and 270,000 for people.
  loan.original_amount = LogNormalAmount(corporate ? 14.7 : 12.5, corporate ? 1.1 : 0.8, random);
  loan.balance = std::floor(loan.original_amount * random->Uniform(0.45, 1.15));
  loan.interest_rate = std::floor(random->Uniform(350.0, 1150.0)) / 10'000.0;
  DrawDates(setting, random, &loan);
  return loan;
}

void FillStrength(double debt, Random* random, Party* debtor) {
  const double log_debt = Log(debt);
  debtor->net_assets = LogNormalAmount(log_debt - 1.0, 1.2, random);
  if (debtor->type == PartyType::kCorporate) {
    const double thousandfold = LogNormalAmount(log_debt - 4.4, 0.8, random);
    debtor->employees = static_cast<std::int64_t>(thousandfold) / 1000;
  } else {
    debtor->annual_income = LogNormalAmount(log_debt - 1.3, 0.6, random);
  }
}

}  // namespace

double LogNormalAmount(double log_mean, double spread, Random* random) {
  return std::max(1000.0, std::floor(Exp(log_mean + spread * random->Normal())));
}

void AddDebtorsAndLoans(const World& world, std::uint64_t most_loans, Random* random,
                        Group* group) {
  const GroupSetting setting = DrawSetting(world, random);
  const bool single = group->pattern == GuaranteePattern::kNone;
  const std::int64_t debtors = DebtorCount(group->pattern, random);
  for (std::int64_t i = 0; i < debtors && group->loans.size() < most_loans; ++i) {
    Party debtor;
    debtor.type = single && random->Chance(0.62) ? PartyType::kRetail : PartyType::kCorporate;
    debtor.is_debtor = true;
    debtor.region = setting.region;
    debtor.industry = static_cast<std::uint32_t>(random->Integer(0, kIndustryCount - 1));
    // Known before any loan of the group defaults.
    debtor.reported_on =
        setting.last_default.PlusDays(-static_cast<std::int32_t>(random->Integer(260, 600)));
    const std::int64_t loans = random->Integer(1, debtor.type == PartyType::kRetail ? 2 : 3);
    double debt = 0.0;
    for (std::int64_t k = 0; k < loans && group->loans.size() < most_loans; ++k) {
      Loan loan = DrawLoan(world, setting, debtor.type, random);
      loan.debtor = group->parties.size();
      debt += loan.balance;
      group->loans.push_back(loan);
    }
    FillStrength(debt, random, &debtor);
    group->parties.push_back(debtor);
  }
}

}  // namespace recoup::graph::synthetic
