#include "graph/synthetic/group.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

namespace recoup::graph::synthetic {
namespace {

TEST_CASE("A group is found by its number alone") {
  const World world{GenerateOptions{}};
  const Group once = MakeGroup(world, 17, 100);
  const Group again = MakeGroup(world, 17, 1000);
  REQUIRE(once.loans.size() == again.loans.size());
  CHECK(once.loans[0].balance == again.loans[0].balance);
  CHECK(MakeGroup(world, 18, 100).loans[0].balance != once.loans[0].balance);
}

TEST_CASE("A group has at least one loan and never more than asked for") {
  const World world{GenerateOptions{}};
  for (std::uint64_t number = 0; number < 300; ++number) {
    for (const std::uint64_t most : {1U, 2U, 5U, 18U}) {
      const Group group = MakeGroup(world, number, most);
      REQUIRE(!group.loans.empty());
      REQUIRE(group.loans.size() <= most);
    }
  }
}

TEST_CASE("Every pattern of guarantees occurs, most groups have none") {
  const World world{GenerateOptions{}};
  std::map<GuaranteePattern, int> count;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    ++count[MakeGroup(world, number, 100).pattern];
  }
  CHECK(count[GuaranteePattern::kNone] > 700);
  CHECK(count[GuaranteePattern::kMutual] > 30);
  CHECK(count[GuaranteePattern::kChain] > 30);
  CHECK(count[GuaranteePattern::kCircular] > 20);
  CHECK(PatternName(GuaranteePattern::kCircular) == "circular");
}

}  // namespace
}  // namespace recoup::graph::synthetic
