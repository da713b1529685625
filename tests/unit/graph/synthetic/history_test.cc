#include <catch2/catch_test_macros.hpp>

#include "graph/synthetic/group_parts.h"

namespace recoup::graph::synthetic {
namespace {

TEST_CASE("Nothing in a loan's history lies after its valuation, so nothing betrays its outcome") {
  const World world{GenerateOptions{}};
  for (std::uint64_t number = 0; number < 300; ++number) {
    const Group group = MakeGroup(world, number, 100);
    for (const Proceeding& proceeding : group.proceedings) {
      const Loan& loan = group.loans[proceeding.loan];
      REQUIRE(proceeding.filed_on > loan.default_date);
      REQUIRE(proceeding.filed_on <= loan.valuation);
      REQUIRE(proceeding.stage <= 2);
    }
    for (const Repayment& repayment : group.repayments) {
      const Loan& loan = group.loans[repayment.loan];
      REQUIRE(repayment.paid_until < loan.default_date);
      REQUIRE(repayment.paid_until > loan.origination);
      REQUIRE(repayment.amount >= 1.0);
    }
  }
}

}  // namespace
}  // namespace recoup::graph::synthetic
