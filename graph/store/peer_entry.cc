#include "graph/store/peer_entry.h"

#include <algorithm>

namespace recoup::graph {
namespace {

// True where the first entry alone tells from when on the edge shows: nothing removes it, and no
// later fact is dated before it.
bool IsPlain(std::span<const PairEntry> edge) {
  const std::uint64_t first = edge.front().order.sequence;
  return std::all_of(edge.begin(), edge.end(), [first](const PairEntry& entry) {
    return !entry.removal && entry.order.sequence >= first;
  });
}

}  // namespace

std::vector<PeerEntry> MakePeerEntries(NodeId loan, std::span<const PairEntry> edge,
                                       std::span<const OutcomeEntry> outcomes) {
  std::vector<PeerEntry> entries;
  const bool joined =
      std::any_of(edge.begin(), edge.end(), [](const PairEntry& entry) { return !entry.removal; });
  if (!joined) return entries;
  const bool plain = IsPlain(edge);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const OutcomeEntry& outcome = outcomes[i];
    const bool superseded = i + 1 < outcomes.size();
    const bool same_day = !entries.empty() && entries.back().known_at == outcome.order.known_at;
    if (same_day) entries.pop_back();
    entries.push_back({outcome.order.known_at, edge.front().order.known_at, loan,
                       std::max(edge.front().order.sequence, outcome.order.sequence),
                       static_cast<float>(outcome.recovery_rate),
                       !plain || superseded || same_day});
  }
  return entries;
}

}  // namespace recoup::graph
