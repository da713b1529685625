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

// Every sum anew, from the definition.
PeerTotals Naive(const std::vector<PeerOutcome>& outcomes, Date day, std::uint32_t left_out) {
  PeerTotals totals;
  for (const PeerOutcome& outcome : outcomes) {
    if (outcome.known_at >= day || outcome.loan == left_out) continue;
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
  std::vector<std::uint32_t> loans(3 * count);
  for (std::size_t i = 0; i < loans.size(); ++i) loans[i] = static_cast<std::uint32_t>(i);
  std::shuffle(loans.begin(), loans.end(), random);
  const auto draw = [&random] { return static_cast<double>(random() % 2001) / 1000.0 - 1.0; };
  std::vector<PeerOutcome> outcomes;
  Date day(-400);
  for (std::size_t i = 0; i < count; ++i) {
    const auto gap = static_cast<std::int32_t>(random() % (random() % 8 == 0 ? 1500 : 3));
    day = day.PlusDays(gap);
    const bool has_residual = random() % 3 != 0;
    outcomes.push_back({loans[i], day, draw(), has_residual ? draw() : 0.0, has_residual});
  }
  return outcomes;
}

PeerHistory HistoryOf(const std::vector<PeerOutcome>& outcomes) {
  PeerHistory history;
  for (const PeerOutcome& outcome : outcomes) history.Append(outcome);
  return history;
}

TEST_CASE("The sums of two outcomes are those worked by hand") {
  // 1461 days are 4 years. On day 2922 the first is 8 years old and weighs 1/256, the second 1/16.
  const PeerHistory history =
      HistoryOf({{7, Date(0), 0.5, -0.25, true}, {3, Date(1461), -0.25, /*residual=*/0.0, false}});
  RequireSame(history.TotalsBefore(Date(2922)), {.count = 2.0,
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

TEST_CASE("On any day, and without any loan, the sums are those of the definition") {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const std::vector<PeerOutcome> outcomes = RandomOutcomes(60, seed);
    const PeerHistory history = HistoryOf(outcomes);
    REQUIRE(history.size() == outcomes.size());
    std::vector<Date> days = {Date(-10'000), outcomes.back().known_at.PlusDays(9000)};
    for (const PeerOutcome& outcome : outcomes) {
      for (const int after : {-1, 0, 1, 200}) days.push_back(outcome.known_at.PlusDays(after));
    }
    for (const Date day : days) {
      RequireSame(history.TotalsBefore(day), Naive(outcomes, day, PeerHistory::kNobody));
      for (std::uint32_t loan = 0; loan < 180; loan += 7) {  // two thirds are not members
        RequireSame(history.TotalsBefore(day, loan), Naive(outcomes, day, loan));
      }
    }
  }
}

TEST_CASE("An outcome is known from the day after on") {
  const PeerHistory history = HistoryOf({{0, Date(10)}, {1, Date(10)}, {2, Date(12)}});
  CHECK(history.KnownBefore(Date(10)) == 0);
  CHECK(history.KnownBefore(Date(11)) == 2);
  CHECK(history.KnownBefore(Date(12)) == 2);
  CHECK(history.KnownBefore(Date(13)) == 3);
  CHECK(history.LoanAt(2) == 2);
  RequireSame(history.TotalsBefore(Date(10)), {});
}

}  // namespace
}  // namespace recoup::model
