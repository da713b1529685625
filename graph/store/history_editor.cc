#include "graph/store/history_editor.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace recoup::graph {

History::History(const RocksDatabase& database, const HistoryName& name, bool is_new)
    : database_(database), name_(name), oldest_loaded_(is_new) {
  if (is_new) blocks_.emplace_back(kOldestBlock);
}

std::size_t History::PositionOf(EntryOrder order) const {
  const auto found =
      std::partition_point(blocks_.begin(), blocks_.end(),
                           [order](const HistoryBlock& block) { return block.oldest() > order; });
  return static_cast<std::size_t>(found - blocks_.begin());
}

Result<std::size_t> History::BlockFor(EntryOrder order) {
  std::size_t position = PositionOf(order);
  if (position < blocks_.size() && blocks_[position].Covers(order)) return position;
  RECOUP_TRY(LoadOldest());
  position = PositionOf(order);
  if (blocks_[position].Covers(order)) return position;
  RECOUP_TRY(LoadCovering(order));
  return PositionOf(order);
}

Result<void> History::LoadOldest() {
  if (oldest_loaded_) return {};
  const std::string key = BlockKey(name_, kOldestBlock);
  rocksdb::PinnableSlice record;
  RECOUP_ASSIGN(const bool found, database_.Get(name_.family, key, nullptr, &record));
  if (found) {
    RECOUP_ASSIGN(HistoryBlock block, HistoryBlock::Decode(key, record.ToStringView()));
    blocks_.push_back(std::move(block));
  } else {
    blocks_.emplace_back(kOldestBlock);
  }
  oldest_loaded_ = true;
  return {};
}

Result<void> History::LoadCovering(EntryOrder order) {
  RocksDatabase::Cursor cursor(database_, name_.family, HistoryPrefix(name_), nullptr);
  cursor.Seek(BlockKey(name_, order));
  RECOUP_TRY(cursor.status());
  if (cursor.Valid()) {
    RECOUP_ASSIGN(HistoryBlock block, HistoryBlock::Decode(cursor.key(), cursor.value()));
    const std::size_t position = PositionOf(order);
    const bool fits = block.Covers(order) && block.oldest() != blocks_[position].oldest();
    if (fits) {
      blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(position), std::move(block));
      return {};
    }
  }
  return Error{ErrorCode::kDataLoss, "a block of a history is missing; restore the store"};
}

Result<void> History::Put(EntryOrder order, std::string payload) {
  RECOUP_ASSIGN(const std::size_t position, BlockFor(order));
  blocks_[position].Put(order, std::move(payload));
  std::optional<HistoryBlock> newer = blocks_[position].SplitIfLarge(database_.block_bytes());
  if (newer.has_value()) {
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(position), *std::move(newer));
  }
  return {};
}

Result<const std::string*> History::Find(EntryOrder order) {
  RECOUP_ASSIGN(const std::size_t position, BlockFor(order));
  return blocks_[position].Find(order);
}

Result<bool> History::IsShort() {
  RECOUP_TRY(LoadOldest());
  return !blocks_.back().newer().has_value();
}

Result<const std::vector<HistoryBlock>*> History::All() {
  RECOUP_TRY(LoadOldest());
  // Each block names the next newer one.
  for (std::size_t position = blocks_.size() - 1; blocks_[position].newer().has_value();) {
    RECOUP_ASSIGN(position, BlockFor(*blocks_[position].newer()));
  }
  return &blocks_;
}

void History::Flush(rocksdb::WriteBatch* batch) const {
  for (const HistoryBlock& block : blocks_) {
    if (!block.dirty()) continue;
    const std::string key = BlockKey(name_, block.oldest());
    database_.Put(name_.family, key, block.Encode(key), batch);
  }
}

History& HistoryEditor::At(const HistoryName& name, bool is_new) {
  const auto found = histories_.find(name);
  if (found != histories_.end()) return found->second;
  return histories_.emplace(name, History(database_, name, is_new)).first->second;
}

void HistoryEditor::Flush(rocksdb::WriteBatch* batch) const {
  for (const auto& [name, history] : histories_) history.Flush(batch);
}

}  // namespace recoup::graph
