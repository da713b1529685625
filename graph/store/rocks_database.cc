#include "graph/store/rocks_database.h"

#include <utility>

namespace recoup::graph {
namespace {

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

// Returns the first key that sorts behind every key with this prefix; empty if there is none.
std::string EndOfPrefix(std::string prefix) {
  while (!prefix.empty() && static_cast<std::uint8_t>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

}  // namespace

Error ToError(const rocksdb::Status& status) {
  if (status.IsCorruption()) {
    return {ErrorCode::kDataLoss,
            "the store is damaged; restore it from a backup: " + status.ToString()};
  }
  if (status.IsNoSpace()) {
    return {ErrorCode::kUnavailable,
            "the store's disk is full; free some space and reopen: " + status.ToString()};
  }
  return {ErrorCode::kUnavailable, "the store's disk failed: " + status.ToString()};
}

RocksDatabase::~RocksDatabase() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  // Every acknowledged batch is synced already, so nothing can be lost here.
  db_->Close().PermitUncheckedError();
}

Result<bool> RocksDatabase::Get(Family family, std::string_view key,
                                const rocksdb::Snapshot* snapshot,
                                rocksdb::PinnableSlice* value) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  value->Reset();
  const rocksdb::Status status = db_->Get(options, Handle(family), ToSlice(key), value);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return ToError(status);
  return true;
}

RocksDatabase::Cursor::Cursor(const RocksDatabase& database, Family family, std::string prefix,
                              const rocksdb::Snapshot* snapshot)
    : prefix_(std::move(prefix)), end_(EndOfPrefix(prefix_)), end_slice_(end_) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  // Who reads the log reads it once and whole; views would find their blocks driven out.
  options.fill_cache = family != Family::kFact;
  if (!end_.empty()) options.iterate_upper_bound = &end_slice_;
  iterator_.reset(database.db_->NewIterator(options, database.Handle(family)));
}

Result<void> RocksDatabase::Cursor::status() const {
  const rocksdb::Status status = iterator_->status();
  if (!status.ok()) return ToError(status);
  return {};
}

void RocksDatabase::Put(Family family, std::string_view key, std::string_view value,
                        rocksdb::WriteBatch* batch) const {
  // Only a batch with a size limit can refuse a record, and ours has none.
  batch->Put(Handle(family), ToSlice(key), ToSlice(value)).PermitUncheckedError();
}

Result<void> RocksDatabase::Write(rocksdb::WriteBatch* batch) const {
  rocksdb::WriteOptions options;
  options.sync = sync_writes_;
  const rocksdb::Status status = db_->Write(options, batch);
  if (!status.ok()) return ToError(status);
  return {};
}

std::shared_ptr<const rocksdb::Snapshot> RocksDatabase::TakeSnapshot() const {
  rocksdb::DB* const db = db_.get();
  return {db->GetSnapshot(),
          [db](const rocksdb::Snapshot* snapshot) { db->ReleaseSnapshot(snapshot); }};
}

}  // namespace recoup::graph
