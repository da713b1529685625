// Changes histories block by block: each block is read once and written once per batch.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "graph/store/history_block.h"
#include "graph/store/rocks_database.h"
#include "graph/store/store_key.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// One history in the hands of a writer; holds the blocks that were needed so far.
/// Threads: confine. Every method fails with kDataLoss or kUnavailable where a block cannot be
/// read.
class History {
 public:
  /// `is_new` promises that the database holds nothing of it, and saves the look.
  History(const RocksDatabase& database, const HistoryName& name, bool is_new);

  /// Adds the entry, or replaces the one of the same order.
  Result<void> Put(EntryOrder order, std::string payload);

  /// Returns the payload of the entry of exactly this order, or null. Valid until the next Put.
  Result<const std::string*> Find(EntryOrder order);

  /// True if it has at most one block, so that reading all of it is cheap.
  Result<bool> IsShort();

  /// Returns every block, newest first. Valid until the next Put.
  Result<const std::vector<HistoryBlock>*> All();

  void SetLabel(std::string label) { blocks_.back().set_label(std::move(label)); }

  void Flush(rocksdb::WriteBatch* batch) const;

 private:
  Result<std::size_t> BlockFor(EntryOrder order);
  Result<void> LoadOldest();
  Result<void> LoadCovering(EntryOrder order);
  std::size_t PositionOf(EntryOrder order) const;

  const RocksDatabase& database_;
  const HistoryName name_;
  std::vector<HistoryBlock> blocks_;  // newest first; gaps where nothing was needed
  bool oldest_loaded_ = false;
};

/// The histories that one batch touches.
class HistoryEditor {
 public:
  explicit HistoryEditor(const RocksDatabase& database) : database_(database) {}

  /// Returns the history; a reference stays valid.
  History& At(const HistoryName& name, bool is_new = false);

  void Flush(rocksdb::WriteBatch* batch) const;

 private:
  const RocksDatabase& database_;
  std::unordered_map<HistoryName, History, HistoryNameHash> histories_;
};

}  // namespace recoup::graph
