#include "model/peers/peer_history.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <random>
#include <vector>

namespace recoup::model {
namespace {

using Catch::Matchers::WithinAbs;

using Loans = std::vector<std::uint32_t>;

// Every sum anew, from the definition.
PeerTotals Naive(const std::vector<PeerOutcome>& outcomes, const Loans& members, Date day,
                 std::uint32_t left_out) {
  PeerTotals totals;
  for (const std::uint32_t loan : members) {
    const PeerOutcome& outcome = outcomes[loan];
    if (outcome.known_at >= day || loan == left_out) continue;
    const double years = (day.days() - outcome.known_at.days()) / 365.25;
    const double weight = std::pow(2.0, -years);
    totals.count += 1.0;
    totals.surprise += outcome.surprise;
    totals.surprise_squared += outcome.surprise * outcome.surprise;
    totals.decayed_count += weight;
    totals.decayed_surprise += weight * outcome.surprise;
    totals.years_since_newest =
        totals.years_since_newest < 0.0 ? years : std::min(totals.years_since_newest, years);
    if (!outcome.has_residual) continue;
    totals.residual_count += 1.0;
    totals.residual += outcome.residual;
    totals.decayed_residual_count += weight;
    totals.decayed_residual += weight * outcome.residual;
  }
  return totals;
}

constexpr double PeerTotals::*kSums[] = {&PeerTotals::count,
                                         &PeerTotals::surprise,
                                         &PeerTotals::surprise_squared,
                                         &PeerTotals::decayed_count,
                                         &PeerTotals::decayed_surprise,
                                         &PeerTotals::residual_count,
                                         &PeerTotals::residual,
                                         &PeerTotals::decayed_residual,
                                         &PeerTotals::decayed_residual_count,
                                         &PeerTotals::years_since_newest};

void RequireSame(const PeerTotals& found, const PeerTotals& expected) {
  for (const auto sum : kSums) REQUIRE_THAT(found.*sum, WithinAbs(expected.*sum, 1e-10));
}

// Outcomes of random loans: some on one day, some after years of silence, a third unexpected.
std::vector<PeerOutcome> RandomOutcomes(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  const auto draw = [&random] { return static_cast<double>(random() % 2001) / 1000.0 - 1.0; };
  std::vector<PeerOutcome> outcomes;
  Date day(-400);
  for (std::size_t i = 0; i < count; ++i) {
    const auto gap = static_cast<std::int32_t>(random() % (random() % 8 == 0 ? 1500 : 3));
    day = day.PlusDays(gap);
    const bool has_residual = random() % 3 != 0;
    outcomes.push_back({day, draw(), has_residual ? draw() : 0.0, has_residual});
  }
  return outcomes;
}

PeerHistories HistoriesOf(const std::vector<PeerOutcome>& outcomes,
                          const std::vector<Loans>& groups) {
  std::vector<PeerMembership> memberships;
  for (std::uint32_t loan = 0; loan < outcomes.size(); ++loan) {
    for (std::uint32_t group = 0; group < groups.size(); ++group) {
      if (std::binary_search(groups[group].begin(), groups[group].end(), loan)) {
        memberships.push_back({group, loan});
      }
    }
  }
  return PeerHistories(outcomes, groups.size(), memberships);
}

PeerDay On(const std::vector<PeerOutcome>& outcomes, Date day,
           std::uint32_t left_out = PeerDay::kNobody) {
  const auto known = std::count_if(outcomes.begin(), outcomes.end(),
                                   [day](const PeerOutcome& o) { return o.known_at < day; });
  return {day, static_cast<std::uint32_t>(known), left_out};
}

TEST_CASE("The sums of two outcomes are those worked by hand") {
  // 1461 days are 4 years. On day 2922 the first is 8 years old and weighs 1/256, the second 1/16.
  const std::vector<PeerOutcome> outcomes = {{Date(0), 0.5, -0.25, true},
                                             {Date(1461), -0.25, /*residual=*/0.0, false}};
  const PeerHistories histories = HistoriesOf(outcomes, {{0, 1}});
  RequireSame(histories.TotalsBefore(0, On(outcomes, Date(2922))),
              {.count = 2.0,
               .surprise = 0.25,            // 0.5 - 0.25
               .surprise_squared = 0.3125,  // 0.25 + 0.0625
               .decayed_count = 17.0 / 256.0,
               .decayed_surprise = (0.5 - 4.0) / 256.0,
               .residual_count = 1.0,
               .residual = -0.25,
               .decayed_residual_count = 1.0 / 256.0,
               .decayed_residual = -0.25 / 256.0,
               .years_since_newest = 4.0});
}

// Group 0 has every loan, group 1 nobody, group 2 a third, group 3 one.
std::vector<Loans> RandomGroups(std::uint32_t loans, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Loans> groups(4);
  for (std::uint32_t loan = 0; loan < loans; ++loan) {
    groups[0].push_back(loan);
    if (random() % 3 == 0) groups[2].push_back(loan);
  }
  groups[3].push_back(static_cast<std::uint32_t>(random() % loans));
  return groups;
}

TEST_CASE("On any day, and without any loan, the sums are those of the definition") {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const std::vector<PeerOutcome> outcomes = RandomOutcomes(60, seed);
    const std::vector<Loans> groups = RandomGroups(60, seed);
    const PeerHistories histories = HistoriesOf(outcomes, groups);
    std::vector<Date> days = {Date(-10'000), outcomes.back().known_at.PlusDays(9000)};
    for (const PeerOutcome& outcome : outcomes) {
      for (const int after : {-1, 0, 1, 200}) days.push_back(outcome.known_at.PlusDays(after));
    }
    for (const Date day : days) {
      for (std::uint32_t group = 0; group < groups.size(); ++group) {
        RequireSame(histories.TotalsBefore(group, On(outcomes, day)),
                    Naive(outcomes, groups[group], day, PeerDay::kNobody));
        for (std::uint32_t loan = 0; loan < 60; loan += 7) {
          RequireSame(histories.TotalsBefore(group, On(outcomes, day, loan)),
                      Naive(outcomes, groups[group], day, loan));
        }
      }
    }
  }
}

TEST_CASE("Sums that go on from kept ones are the same bytes as sums from the beginning") {
  const std::vector<PeerOutcome> outcomes = RandomOutcomes(100, 9);
  const std::vector<Loans> groups = RandomGroups(100, 9);
  const PeerHistories histories = HistoriesOf(outcomes, groups);
  for (std::uint32_t known = 1; known <= 100; ++known) {
    const Date last = outcomes[known - 1].known_at;
    PeerTotals totals;
    for (std::uint32_t loan = 0; loan < known; ++loan) {
      const PeerOutcome& outcome = outcomes[loan];
      if (loan > 0) {
        const double years =
            (outcome.known_at.days() - outcomes[loan - 1].known_at.days()) / 365.25;
        const double decay = std::exp2(-years);
        totals.decayed_count *= decay;
        totals.decayed_surprise *= decay;
        totals.decayed_residual_count *= decay;
        totals.decayed_residual *= decay;
      }
      totals.count += 1.0;
      totals.surprise += outcome.surprise;
      totals.surprise_squared += outcome.surprise * outcome.surprise;
      totals.decayed_count += 1.0;
      totals.decayed_surprise += outcome.surprise;
      totals.residual_count += outcome.has_residual ? 1.0 : 0.0;
      totals.residual += outcome.residual;
      totals.decayed_residual_count += outcome.has_residual ? 1.0 : 0.0;
      totals.decayed_residual += outcome.residual;
    }
    totals.years_since_newest = 0.0;
    // Asked for the day of the last outcome itself, so that nothing decays further.
    const PeerTotals found = histories.TotalsBefore(0, {last, known, PeerDay::kNobody});
    for (const auto sum : kSums) REQUIRE(found.*sum == totals.*sum);
  }
}

TEST_CASE("An outcome is known from the day after on") {
  const std::vector<PeerOutcome> outcomes = {{Date(10)}, {Date(10)}, {Date(12)}};
  const PeerHistories histories = HistoriesOf(outcomes, {{0, 1, 2}, {}});
  const auto known = [&](int day) {
    const auto loans = histories.KnownBefore(0, On(outcomes, Date(day)));
    return Loans(loans.begin(), loans.end());
  };
  CHECK(known(10).empty());
  CHECK(known(11) == Loans{0, 1});
  CHECK(known(12) == Loans{0, 1});
  CHECK(known(13) == Loans{0, 1, 2});
  CHECK(histories.KnownBefore(1, On(outcomes, Date(13))).empty());
  RequireSame(histories.TotalsBefore(0, On(outcomes, Date(10))), {});
}

}  // namespace
}  // namespace recoup::model
