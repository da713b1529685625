#include "graph/synthetic/mechanism.h"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

namespace recoup::graph::synthetic {
namespace {

using Catch::Matchers::WithinAbs;

// One firm, two loans of one million each; the parts under test are added by each test.
Group TwoLoans() {
  Group group;
  group.parties.push_back({.net_assets = 1e6, .reported_on = Date(18'000)});
  for (int i = 0; i < 2; ++i) {
    group.loans.push_back({.original_amount = 1e6,
                           .balance = 1e6,
                           .origination = Date(17'000),
                           .default_date = Date(18'400),
                           .valuation = Date(18'450)});
  }
  return group;
}

TEST_CASE("A collateral pays in the order of rank, each lien up to its registered amount") {
  const World world{GenerateOptions{}};
  Group group = TwoLoans();
  // Residential, appraised on the valuation date: a forced sale brings 0.85 * 2,000,000.
  group.collateral.push_back({.type = 0, .appraisal = 2e6, .appraised_on = Date(18'450)});
  group.liens = {{0, 0, 1, 1e6}, {0, 1, 2, 1e6}};
  const auto with = ComponentsOf(world, group);
  group.liens.clear();
  const auto without = ComponentsOf(world, group);
  // The first gets its 1,000,000 and the second the 700,000 that are left.
  CHECK_THAT(with[0].collateral - without[0].collateral, WithinAbs(kCollateralWeight * 1.0, 1e-12));
  CHECK_THAT(with[1].collateral - without[1].collateral, WithinAbs(kCollateralWeight * 0.7, 1e-12));
  CHECK(with[0].own == without[0].own);
}

TEST_CASE("A guarantor's assets are spent once, and after its own debts if it has defaulted") {
  const World world{GenerateOptions{}};
  Group group = TwoLoans();
  group.parties.push_back({.net_assets = 8e5, .reported_on = Date(18'000)});
  const auto none = ComponentsOf(world, group);
  group.guarantees = {{1, 0, 1e6}, {1, 1, 6e5}};
  // 800,000 for promises of 1,600,000: half of each.
  const auto both = ComponentsOf(world, group);
  CHECK_THAT(both[0].guarantors - none[0].guarantors, WithinAbs(kGuarantorWeight * 0.5, 1e-12));
  CHECK_THAT(both[1].guarantors - none[1].guarantors, WithinAbs(kGuarantorWeight * 0.3, 1e-12));
  // With a defaulted loan of its own, half of that comes first: 800,000 - 500,000 are left.
  group.loans[1].debtor = 1;
  group.guarantees = {{1, 0, 1e6}};
  const auto circle = ComponentsOf(world, group);
  CHECK_THAT(circle[0].guarantors - none[0].guarantors, WithinAbs(kGuarantorWeight * 0.3, 1e-12));
}

TEST_CASE("The court acts through its speed alone") {
  const World world{GenerateOptions{}};
  Group group = TwoLoans();
  group.loans[1].court = 1;
  const auto components = ComponentsOf(world, group);
  CHECK_THAT(components[0].court, WithinAbs(kCourtWeight * world.courts[0].speed, 1e-12));
  CHECK_THAT(components[1].court, WithinAbs(kCourtWeight * world.courts[1].speed, 1e-12));
  CHECK(components[0].own == components[1].own);
}

TEST_CASE("Neighbours take effect as far as the options say, and the loan itself always") {
  Group group = TwoLoans();
  group.parties.push_back({.net_assets = 8e5, .reported_on = Date(18'000)});
  group.collateral.push_back({.type = 0, .appraisal = 2e6, .appraised_on = Date(18'450)});
  group.liens = {{0, 0, 1, 1e6}};
  group.guarantees = {{1, 0, 1e6}};
  const auto with = [&](double effects) {
    return ComponentsOf(World{GenerateOptions{.neighbour_effects = effects}}, group).front();
  };
  const auto parts = [](const Components& of) {
    return std::array{of.collateral, of.guarantors, of.debtor, of.court, of.lender, of.region};
  };
  const Components full = with(1.0);
  const Components half = with(0.5);
  const Components none = with(0.0);
  CHECK(half.own == full.own);
  CHECK(none.own == full.own);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(parts(full)[i] != 0.0);
    CHECK_THAT(parts(half)[i], WithinAbs(0.5 * parts(full)[i], 1e-12));
    CHECK(parts(none)[i] == 0.0);
  }
  CHECK(none.Sum() == none.own);
}

TEST_CASE("The recovery rate rises with every push and has atoms at both ends") {
  CHECK(RecoveryRate(-3.0, 0.0) == 0.0);
  CHECK(RecoveryRate(3.0, 0.0) == 1.0);
  double previous = -1.0;
  for (double sum = -1.3; sum <= 1.7; sum += 0.05) {
    REQUIRE(RecoveryRate(sum, 0.0) > previous);
    previous = RecoveryRate(sum, 0.0);
  }
}

TEST_CASE("The expected rate is the average of drawn outcomes") {
  const World world{GenerateOptions{}};
  const Loan loan = TwoLoans().loans[0];
  for (const double sum : {-1.0, 0.0, 1.0}) {
    constexpr int kDraws = 40'000;
    double mean = 0.0;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
      Random random(1, Purpose::kOutcome, i);
      mean += DrawOutcome(world, loan, sum, &random).recovery_rate / kDraws;
    }
    // Five standard errors of at most 0.25 / 200.
    CHECK_THAT(ExpectedRecoveryRate(sum), WithinAbs(mean, 0.00625));
  }
}

}  // namespace
}  // namespace recoup::graph::synthetic
