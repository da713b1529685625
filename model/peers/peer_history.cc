#include "model/peers/peer_history.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "graph/types/result.h"
#include "model/features/peer_pool.h"

namespace recoup::model {
namespace {

double YearsBetween(Date earlier, Date later) { return DaysFrom(earlier, later) / kDaysPerYear; }

PeerTotals TotalsOf(const PeerOutcome& outcome, double weight) {
  PeerTotals totals;
  totals.count = 1.0;
  totals.surprise = outcome.surprise;
  totals.surprise_squared = outcome.surprise * outcome.surprise;
  totals.decayed_count = weight;
  totals.decayed_surprise = weight * outcome.surprise;
  if (!outcome.has_residual) return totals;
  totals.residual_count = 1.0;
  totals.residual = outcome.residual;
  totals.decayed_residual_count = weight;
  totals.decayed_residual = weight * outcome.residual;
  return totals;
}

void Decay(double factor, PeerTotals* totals) {
  totals->decayed_count *= factor;
  totals->decayed_surprise *= factor;
  totals->decayed_residual_count *= factor;
  totals->decayed_residual *= factor;
}

void DecayBetween(Date earlier, Date later, PeerTotals* totals) {
  if (earlier == later) return;  // times 1
  Decay(std::exp2(-YearsBetween(earlier, later)), totals);
}

void Subtract(const PeerTotals& other, PeerTotals* totals) {
  totals->count -= other.count;
  totals->surprise -= other.surprise;
  totals->surprise_squared -= other.surprise_squared;
  totals->decayed_count -= other.decayed_count;
  totals->decayed_surprise -= other.decayed_surprise;
  totals->residual_count -= other.residual_count;
  totals->residual -= other.residual;
  totals->decayed_residual_count -= other.decayed_residual_count;
  totals->decayed_residual -= other.decayed_residual;
}

}  // namespace

void PeerTotals::Add(const PeerTotals& other) {
  count += other.count;
  surprise += other.surprise;
  surprise_squared += other.surprise_squared;
  decayed_count += other.decayed_count;
  decayed_surprise += other.decayed_surprise;
  residual_count += other.residual_count;
  residual += other.residual;
  decayed_residual_count += other.decayed_residual_count;
  decayed_residual += other.decayed_residual;
  if (other.years_since_newest < 0.0) return;
  years_since_newest = years_since_newest < 0.0
                           ? other.years_since_newest
                           : std::min(years_since_newest, other.years_since_newest);
}

PeerHistories::PeerHistories(std::vector<PeerOutcome> outcomes, std::size_t groups,
                             std::span<const PeerMembership> memberships)
    : outcomes_(std::move(outcomes)), ends_(groups + 1), kept_ends_(groups + 1) {
  for (const PeerMembership& membership : memberships) ++ends_[membership.group + 1];
  for (std::size_t group = 0; group < groups; ++group) {
    kept_ends_[group + 1] =
        kept_ends_[group] + static_cast<std::uint32_t>(ends_[group + 1] / kKeptEvery);
    ends_[group + 1] += ends_[group];
  }
  loans_.resize(memberships.size());
  kept_.resize(kept_ends_.back());
  std::vector<std::uint32_t> next(ends_.begin(), ends_.end() - 1);
  for (const PeerMembership& membership : memberships) {
    loans_[next[membership.group]++] = membership.loan;
  }
  for (std::size_t group = 0; group < groups; ++group) {
    PeerTotals totals;
    std::uint32_t kept = kept_ends_[group];
    for (std::uint32_t i = ends_[group]; kept < kept_ends_[group + 1]; ++i) {
      RECOUP_CHECK(i == ends_[group] || loans_[i - 1] < loans_[i]);
      Step(loans_[i], i == ends_[group] ? PeerDay::kNobody : loans_[i - 1], &totals);
      if ((i + 1 - ends_[group]) % kKeptEvery == 0) kept_[kept++] = totals;
    }
  }
}

// Goes on from the outcome of `before`, if there is one, to the next.
void PeerHistories::Step(std::uint32_t loan, std::uint32_t before, PeerTotals* totals) const {
  const PeerOutcome& outcome = outcomes_[loan];
  if (before != PeerDay::kNobody) {
    RECOUP_CHECK(outcomes_[before].known_at <= outcome.known_at);
    DecayBetween(outcomes_[before].known_at, outcome.known_at, totals);
  }
  totals->Add(TotalsOf(outcome, 1.0));
}

std::span<const std::uint32_t> PeerHistories::KnownBefore(std::uint32_t group,
                                                          const PeerDay& day) const {
  const std::span<const std::uint32_t> all =
      std::span(loans_).subspan(ends_[group], ends_[group + 1] - ends_[group]);
  const auto end = std::lower_bound(all.begin(), all.end(), day.known);
  return all.first(static_cast<std::size_t>(end - all.begin()));
}

PeerTotals PeerHistories::TotalsBefore(std::uint32_t group, const PeerDay& day) const {
  std::span<const std::uint32_t> known = KnownBefore(group, day);
  if (known.empty()) return {};
  const std::size_t kept = known.size() / kKeptEvery;
  PeerTotals totals;
  if (kept > 0) totals = kept_[kept_ends_[group] + kept - 1];
  for (std::size_t i = kept * kKeptEvery; i < known.size(); ++i) {
    Step(known[i], i == 0 ? PeerDay::kNobody : known[i - 1], &totals);
  }
  DecayBetween(outcomes_[known.back()].known_at, day.day, &totals);
  // Rare: only a loan that is valued after its own outcome was known finds itself among the peers.
  const bool meets_itself = day.left_out != PeerDay::kNobody &&
                            std::binary_search(known.begin(), known.end(), day.left_out);
  if (meets_itself) {
    const PeerOutcome& outcome = outcomes_[day.left_out];
    Subtract(TotalsOf(outcome, std::exp2(-YearsBetween(outcome.known_at, day.day))), &totals);
    if (known.back() == day.left_out) known = known.first(known.size() - 1);
    if (known.empty()) return {};
  }
  totals.years_since_newest = YearsBetween(outcomes_[known.back()].known_at, day.day);
  return totals;
}

}  // namespace recoup::model
