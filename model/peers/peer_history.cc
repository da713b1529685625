#include "model/peers/peer_history.h"

#include <algorithm>
#include <cmath>

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

void PeerHistory::Append(const PeerOutcome& outcome) {
  PeerTotals totals;
  if (!steps_.empty()) {
    const Step& last = steps_.back();
    RECOUP_CHECK(last.outcome.known_at <= outcome.known_at);
    totals = last.totals;
    Decay(std::exp2(-YearsBetween(last.outcome.known_at, outcome.known_at)), &totals);
  }
  totals.Add(TotalsOf(outcome, 1.0));
  steps_.push_back({outcome, totals});
}

std::size_t PeerHistory::KnownBefore(Date day) const {
  const auto end =
      std::lower_bound(steps_.begin(), steps_.end(), day,
                       [](const Step& step, Date limit) { return step.outcome.known_at < limit; });
  return static_cast<std::size_t>(end - steps_.begin());
}

PeerTotals PeerHistory::TotalsBefore(Date day, std::uint32_t left_out) const {
  std::size_t known = KnownBefore(day);
  if (known == 0) return {};
  PeerTotals totals = steps_[known - 1].totals;
  Decay(std::exp2(-YearsBetween(steps_[known - 1].outcome.known_at, day)), &totals);
  // Rare: only a loan that is valued after its own outcome was known finds itself among the peers.
  for (std::size_t i = left_out == kNobody ? 0 : known; i-- > 0;) {
    const PeerOutcome& outcome = steps_[i].outcome;
    if (outcome.loan != left_out) continue;
    Subtract(TotalsOf(outcome, std::exp2(-YearsBetween(outcome.known_at, day))), &totals);
    if (i + 1 == known) --known;
    break;
  }
  if (known == 0) return {};
  totals.years_since_newest = YearsBetween(steps_[known - 1].outcome.known_at, day);
  return totals;
}

}  // namespace recoup::model
