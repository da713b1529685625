#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "graph/synthetic/exact_math.h"
#include "graph/synthetic/group_parts.h"

namespace recoup::graph::synthetic {
namespace {

// By product. Nearly flat: whether a loan is secured must not be readable off its own columns.
constexpr std::array<double, 4> kSecuredShare = {0.70, 0.50, 0.58, 0.62};

std::uint32_t DrawType(bool corporate, Random* random) {
  const double draw = random->Uniform();
  if (!corporate) return draw < 0.8 ? 0U : 3U;
  return draw < 0.25 ? 0U : draw < 0.5 ? 1U : draw < 0.65 ? 2U : draw < 0.85 ? 3U : 4U;
}

// Appraised before any loan of the group defaults.
Collateral DrawCollateral(const Group& group, const Loan& first, double debt, Random* random) {
  const Party& owner = group.parties[first.debtor];
  Collateral collateral;
  collateral.owner = first.debtor;
  collateral.type = DrawType(owner.type == PartyType::kCorporate, random);
  collateral.appraisal = LogNormalAmount(Log(debt) + 0.0, 0.9, random);
  collateral.appraised_on =
      owner.reported_on.PlusDays(-static_cast<std::int32_t>(random->Integer(0, 900)));
  return collateral;
}

void Secure(std::vector<std::size_t> loans, Random* random, Group* group) {
  const auto origination = [group](std::size_t i) { return group->loans[i].origination; };
  std::ranges::stable_sort(loans, {}, origination);
  double debt = 0.0;
  for (const std::size_t loan : loans) debt += group->loans[loan].balance;
  const std::size_t collateral = group->collateral.size();
  group->collateral.push_back(DrawCollateral(*group, group->loans[loans.front()], debt, random));
  std::uint32_t rank = 1;
  for (const std::size_t loan : loans) {
    const double share = random->Uniform(0.9, 1.2);
    group->liens.push_back(
        {collateral, loan, rank, std::floor(group->loans[loan].balance * share)});
    ++rank;
  }
}

}  // namespace

void AddCollateral(Random* random, Group* group) {
  std::vector<std::vector<std::size_t>> secured(group->parties.size());
  for (std::size_t i = 0; i < group->loans.size(); ++i) {
    const Loan& loan = group->loans[i];
    if (random->Chance(kSecuredShare[loan.product])) secured[loan.debtor].push_back(i);
  }
  for (const std::vector<std::size_t>& loans : secured) {
    if (loans.size() > 1 && random->Chance(0.5)) {
      Secure(loans, random, group);
      continue;
    }
    for (const std::size_t loan : loans) Secure({loan}, random, group);
  }
}

}  // namespace recoup::graph::synthetic
