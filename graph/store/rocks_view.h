// Reads the store on disk as of one day and one snapshot.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graph/store/entry_codec.h"
#include "graph/store/graph_view.h"
#include "graph/store/history_block.h"
#include "graph/store/resolution.h"
#include "graph/store/rocks_database.h"
#include "graph/store/store_state.h"

namespace recoup::graph {

/// A state and the snapshot that belongs to it.
struct RocksMoment {
  StoreState state;
  std::shared_ptr<const rocksdb::Snapshot> snapshot;
};

class RocksView final : public GraphView {
 public:
  RocksView(const RocksDatabase& database, std::shared_ptr<const RocksMoment> moment, Date as_of)
      : database_(database), moment_(std::move(moment)), as_of_(as_of) {}

  Date as_of() const override { return as_of_; }
  std::uint64_t epoch() const override { return moment_->state.statistics.epoch; }
  Result<NodeId> Find(const NodeKey& key) const override;
  Result<NodeRecord> Node(NodeId id) const override;
  Result<CsrBlock> Neighbours(std::span<const NodeId> seeds, Relation relation,
                              std::size_t limit) const override;
  Result<std::vector<EdgeRecord>> Edges(NodeId id, Relation relation,
                                        std::size_t limit) const override;
  Result<std::optional<Outcome>> OutcomeOf(NodeId loan) const override;
  Result<std::vector<ResolvedPeer>> ResolvedPeers(NodeId entity, Relation relation,
                                                  std::size_t limit) const override;
  Result<std::vector<NodeId>> Nodes(NodeKind kind) const override;
  std::vector<AttributeDefinition> Attributes() const override;

 private:
  /// What a visitor of entries says.
  enum class Step { kGoOn, kStop };

  // Visits a history's entries from `newest` on, newest first; `label`, if not null, is filled
  // first.
  template <typename Visit>
  Result<void> VisitHistory(const HistoryName& name, EntryOrder newest, std::string* label,
                            Visit visit) const;
  template <typename Visit>
  Result<void> VisitLongHistory(const HistoryName& name, EntryOrder newest, Visit visit) const;
  template <typename Visit>
  Result<void> VisitEdges(NodeId id, Relation relation, std::size_t limit, Visit visit) const;
  /// The order of the newest entry that could be known by this day.
  static EntryOrder EndOf(Date day);
  bool HasEdges(EdgeKind kind) const;
  Result<bool> Exists(NodeId id) const;
  Result<bool> IsGone(NodeId id) const;
  Result<bool> IsShort(const HistoryName& name) const;
  Result<void> MergeOlderEdges(NodeId id, Relation relation, EntryOrder newest,
                               EdgeRecord* record) const;
  Result<std::optional<OutcomeEntry>> NewestOutcome(NodeId loan, Date last_day) const;
  Result<bool> IsJoined(NodeId loan, Relation from_loan, NodeId entity) const;
  Result<bool> Shows(NodeId entity, Relation relation, const PeerEntry& entry,
                     ResolvedPeer* peer) const;

  const RocksDatabase& database_;
  const std::shared_ptr<const RocksMoment> moment_;
  const Date as_of_;
};

}  // namespace recoup::graph
