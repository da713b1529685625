#include <catch2/catch_test_macros.hpp>
#include <map>

#include "graph/synthetic/group_parts.h"

namespace recoup::graph::synthetic {
namespace {

TEST_CASE("Ranks follow the order of origination, and a debtor pledges for its own loans alone") {
  const World world{GenerateOptions{}};
  for (std::uint64_t number = 0; number < 500; ++number) {
    const Group group = MakeGroup(world, number, 100);
    std::map<std::size_t, const Lien*> senior;
    for (const Lien& lien : group.liens) {
      const Lien*& before = senior[lien.collateral];
      REQUIRE(lien.rank == (before == nullptr ? 1 : before->rank + 1));
      if (before != nullptr) {
        REQUIRE(group.loans[before->loan].origination <= group.loans[lien.loan].origination);
      }
      REQUIRE(group.loans[lien.loan].debtor == group.collateral[lien.collateral].owner);
      before = &lien;
    }
    // No collateral without a lien.
    REQUIRE(senior.size() == group.collateral.size());
  }
}

TEST_CASE("Whether a loan is secured hardly depends on its product") {
  const World world{GenerateOptions{}};
  std::map<std::uint32_t, double> loans;
  std::map<std::uint32_t, double> secured;
  for (std::uint64_t number = 0; number < 3000; ++number) {
    const Group group = MakeGroup(world, number, 100);
    for (const Loan& loan : group.loans) ++loans[loan.product];
    for (const Lien& lien : group.liens) ++secured[group.loans[lien.loan].product];
  }
  for (const auto& [product, count] : loans) {
    CHECK(secured[product] / count > 0.40);
    CHECK(secured[product] / count < 0.80);
  }
}

}  // namespace
}  // namespace recoup::graph::synthetic
