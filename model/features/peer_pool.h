// The resolved loans around an entity, and what they say about its recoveries.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "graph/store/graph_view.h"
#include "graph/types/date.h"
#include "graph/types/node_id.h"
#include "graph/types/result.h"

namespace recoup::model {

/// How many peers an entity is judged by; more would cost time and hardly move a decayed mean.
inline constexpr std::size_t kMostPeers = 512;
/// Peers at the prior that every mean is shrunk with.
inline constexpr double kPseudoPeers = 5.0;
inline constexpr double kDaysPerYear = 365.25;

/// Unit: days; wide enough for the days at the ends of the calendar.
double DaysFrom(Date earlier, Date later);

/// Sums over resolved peers. Decayed: each peer weighs 2^-(years since its outcome was known).
struct PeerSums {
  double count = 0.0;
  double rates = 0.0;
  double decayed_count = 0.0;
  double decayed_rates = 0.0;
  /// Unit: years from the newest outcome to the as-of day; 0 without peers.
  double years_since_newest = 0.0;
};

PeerSums SumPeers(std::span<const graph::ResolvedPeer> peers, Date as_of);

/// Pools the resolved peers of entities over all their relations to loans.
/// Threads: one each.
class PeerPool {
 public:
  /// Returns the newest 512 loans whose outcome was known strictly before the view's day and that
  /// hang on any of `entities`, each once, without those in `hidden`. Valid until the next call.
  /// Errors: kDataLoss.
  Result<std::span<const graph::ResolvedPeer>> Newest(const graph::GraphView& view,
                                                      std::span<const graph::NodeId> entities,
                                                      std::span<const graph::NodeId> hidden);

 private:
  std::vector<graph::ResolvedPeer> peers_;
};

}  // namespace recoup::model
