// Turns one planned batch into one write of the store on disk.
#pragma once

#include <string>
#include <vector>

#include "graph/store/batch_plan.h"
#include "graph/store/history_editor.h"
#include "graph/store/peer_entry.h"
#include "graph/store/rocks_database.h"
#include "graph/store/store_state.h"

namespace recoup::graph {

/// Looks up and writes for a single batch.
/// Threads: confine.
class RocksWriter final : public NodeDirectory {
 public:
  RocksWriter(const RocksDatabase& database, const StoreState& before)
      : database_(database), before_(before), editor_(database) {}

  Result<std::optional<DirectoryEntry>> Lookup(const NodeKey& key) const override;
  std::uint64_t Count(NodeKind kind) const override;

  /// Adds everything that the plan changes to `batch`, and returns the state after it.
  /// Errors: kDataLoss, kUnavailable.
  Result<StoreState> Stage(const BatchPlan& plan, AttributeCatalog catalog,
                           rocksdb::WriteBatch* batch);

 private:
  /// A loan, one of its relations and who stands at the other end.
  struct Joint {
    NodeId loan;
    std::uint16_t relation = 0;
    NodeId entity;
    auto operator<=>(const Joint&) const = default;
  };

  bool IsNew(NodeId node) const { return node.index() >= Count(KindOf(node)); }
  History& Open(const HistoryName& name) { return editor_.At(name, IsNew(name.node)); }

  void StageDirectory(const BatchPlan& plan, rocksdb::WriteBatch* batch);
  Result<void> StageVersions(const BatchPlan& plan, rocksdb::WriteBatch* batch);
  Result<void> StageOutcomes(const BatchPlan& plan);
  Result<void> StageEdges(const BatchPlan& plan);
  Result<void> LinkEdge(const EdgeEntry& edge);
  Result<std::vector<PairEntry>> PairOf(const EdgeEntry& edge);
  Result<std::vector<PairEntry>> PairIn(const HistoryName& list, NodeId neighbour);
  Result<void> MarkOlder(const HistoryName& list, const std::vector<PairEntry>& pair);
  Result<std::vector<OutcomeEntry>> OutcomesIn(NodeId loan);
  Result<std::vector<Joint>> JointsOf(const BatchPlan& plan);
  Result<void> AddJointsOf(NodeId loan, std::vector<Joint>* joints);
  Result<void> StagePeers(const std::vector<Joint>& joints);
  void StageState(const AttributeCatalog& catalog, rocksdb::WriteBatch* batch);

  const RocksDatabase& database_;
  const StoreState& before_;
  StoreState after_;
  HistoryEditor editor_;
};

}  // namespace recoup::graph
