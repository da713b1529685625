#include <catch2/catch_test_macros.hpp>

#include "graph/synthetic/group_parts.h"

namespace recoup::graph::synthetic {
namespace {

Group Debtors(GuaranteePattern pattern, std::size_t count) {
  Group group;
  group.pattern = pattern;
  for (std::size_t i = 0; i < count; ++i) {
    group.parties.push_back({.is_debtor = true, .net_assets = 1e6});
    group.loans.push_back({.debtor = i, .original_amount = 1e6, .balance = 1e6});
  }
  Random random(1, Purpose::kGroup, 0);
  AddGuarantees(&random, &group);
  return group;
}

// Whether debtor i is guaranteed by the debtor before it.
bool FollowsTheOneBefore(const Group& group, std::size_t debtor, std::size_t debtors) {
  for (const Guarantee& guarantee : group.guarantees) {
    if (guarantee.loan == debtor && guarantee.guarantor == (debtor + debtors - 1) % debtors) {
      return true;
    }
  }
  return false;
}

TEST_CASE("A circle closes, a chain does not, and single debtors do not guarantee each other") {
  for (std::size_t debtor = 0; debtor < 4; ++debtor) {
    CHECK(FollowsTheOneBefore(Debtors(GuaranteePattern::kCircular, 4), debtor, 4));
    CHECK(FollowsTheOneBefore(Debtors(GuaranteePattern::kChain, 4), debtor, 4) == (debtor > 0));
    CHECK_FALSE(FollowsTheOneBefore(Debtors(GuaranteePattern::kNone, 4), debtor, 4));
  }
}

TEST_CASE("A guarantee covers half of the loan to all of it, and outsiders are no debtors") {
  const World world{GenerateOptions{}};
  for (std::uint64_t number = 0; number < 300; ++number) {
    const Group group = MakeGroup(world, number, 100);
    for (const Guarantee& guarantee : group.guarantees) {
      const Loan& loan = group.loans[guarantee.loan];
      REQUIRE(guarantee.guarantor != loan.debtor);
      REQUIRE(guarantee.amount >= 0.5 * loan.balance - 1.0);
      REQUIRE(guarantee.amount <= loan.balance);
    }
  }
}

}  // namespace
}  // namespace recoup::graph::synthetic
