// How edges and outcomes make the list of resolved peers that hangs on an entity.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/store/batch_plan.h"
#include "graph/types/date.h"
#include "graph/types/node_id.h"

namespace recoup::graph {

/// One loan in an entity's list of resolved peers, under one day on which an outcome of the loan
/// became known. The list is ordered by (known_at, loan); an entry is never taken out again.
struct PeerEntry {
  Date known_at;  // of the outcome
  /// The entry shows as of days from edge_known_at on, in views that know fact `sequence`.
  /// Unless `contested`: then only the histories of edge and loan tell.
  Date edge_known_at;
  NodeId loan;
  std::uint64_t sequence = 0;
  float recovery_rate = 0.0F;
  bool contested = false;

  bool operator==(const PeerEntry&) const = default;
};

/// One entry in the history of the edge between entity and loan.
struct PairEntry {
  EntryOrder order;
  bool removal = false;
};

/// Returns the entries of one loan in one entity's list, ascending by known_at. `edge` and
/// `outcomes` are all that is known of the two, ascending by order.
std::vector<PeerEntry> MakePeerEntries(NodeId loan, std::span<const PairEntry> edge,
                                       std::span<const OutcomeEntry> outcomes);

}  // namespace recoup::graph
