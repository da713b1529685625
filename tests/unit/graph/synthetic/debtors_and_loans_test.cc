#include <catch2/catch_test_macros.hpp>

#include "graph/synthetic/group_parts.h"

namespace recoup::graph::synthetic {
namespace {

TEST_CASE("Debtors come first, each with loans of its own kind in the group's region") {
  const World world{GenerateOptions{}};
  for (std::uint64_t number = 0; number < 300; ++number) {
    const Group group = MakeGroup(world, number, 100);
    for (const Loan& loan : group.loans) {
      const Party& debtor = group.parties[loan.debtor];
      REQUIRE(debtor.is_debtor);
      REQUIRE((loan.product >= 2) == (debtor.type == PartyType::kCorporate));
      REQUIRE(loan.region == debtor.region);
      REQUIRE(loan.balance >= 450.0);
      REQUIRE(loan.court < world.courts.size());
      REQUIRE(loan.valuation <= world.as_of);
      REQUIRE(loan.default_date >= world.first_default);
    }
  }
}

TEST_CASE("Amounts are whole and at least 1000") {
  Random random(1, Purpose::kGroup, 0);
  for (int i = 0; i < 1000; ++i) {
    const double amount = LogNormalAmount(7.0, 2.0, &random);
    REQUIRE(amount >= 1000.0);
    REQUIRE(amount == static_cast<double>(static_cast<std::int64_t>(amount)));
  }
}

}  // namespace
}  // namespace recoup::graph::synthetic
