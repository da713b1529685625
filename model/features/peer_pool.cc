#include "model/features/peer_pool.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "graph/sampling/walkable_relations.h"

namespace recoup::model {
namespace {

using graph::NodeId;
using graph::ResolvedPeer;

// 2^-(days / year) for the ages that occur; computing it per peer would dominate the encoder.
const std::vector<double>& DecayByDays() {
  static const std::vector<double> table = [] {
    std::vector<double> decay(std::size_t{40} * 366);
    for (std::size_t day = 0; day < decay.size(); ++day) {
      decay[day] = std::exp2(-static_cast<double>(day) / kDaysPerYear);
    }
    return decay;
  }();
  return table;
}

// GraphView::ResolvedPeers' own order; equal loans have equal outcomes and so become neighbours.
bool Newer(const ResolvedPeer& a, const ResolvedPeer& b) {
  return a.known_at != b.known_at ? a.known_at > b.known_at : a.loan > b.loan;
}

bool SameLoan(const ResolvedPeer& a, const ResolvedPeer& b) { return a.loan == b.loan; }

}  // namespace

double DaysFrom(Date earlier, Date later) {
  return static_cast<double>(std::int64_t{later.days()} - std::int64_t{earlier.days()});
}

PeerSums SumPeers(std::span<const ResolvedPeer> peers, Date as_of) {
  PeerSums sums;
  if (peers.empty()) return sums;
  const std::vector<double>& decay = DecayByDays();
  for (const ResolvedPeer& peer : peers) {
    const double age = DaysFrom(peer.known_at, as_of);
    const double weight = age >= 0.0 && age < static_cast<double>(decay.size())
                              ? decay[static_cast<std::size_t>(age)]
                              : std::exp2(-age / kDaysPerYear);
    const auto rate = static_cast<double>(peer.recovery_rate);
    sums.rates += rate;
    sums.decayed_count += weight;
    sums.decayed_rates += weight * rate;
  }
  sums.count = static_cast<double>(peers.size());
  sums.years_since_newest = DaysFrom(peers.front().known_at, as_of) / kDaysPerYear;
  return sums;
}

Result<std::span<const ResolvedPeer>> PeerPool::Newest(const graph::GraphView& view,
                                                       std::span<const NodeId> entities,
                                                       std::span<const NodeId> hidden) {
  peers_.clear();
  int lists = 0;
  for (const NodeId entity : entities) {
    for (const graph::WalkableRelation& walkable : graph::RelationsToLoans(graph::KindOf(entity))) {
      RECOUP_ASSIGN(std::vector<ResolvedPeer> found,
                    view.ResolvedPeers(entity, walkable.relation, kMostPeers + hidden.size()));
      if (found.empty()) continue;
      if (++lists == 1) {
        peers_ = std::move(found);  // the usual case: one relation
      } else {
        peers_.insert(peers_.end(), found.begin(), found.end());
      }
    }
  }
  std::erase_if(peers_, [hidden](const ResolvedPeer& peer) {
    return std::find(hidden.begin(), hidden.end(), peer.loan) != hidden.end();
  });
  if (lists > 1) {
    std::sort(peers_.begin(), peers_.end(), Newer);
    peers_.erase(std::unique(peers_.begin(), peers_.end(), SameLoan), peers_.end());
  }
  return std::span<const ResolvedPeer>(peers_).first(std::min(peers_.size(), kMostPeers));
}

}  // namespace recoup::model
