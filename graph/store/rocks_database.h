// RocksDB as the store uses it: opened with care, its errors translated.
#pragma once

#include <rocksdb/db.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/store/rocks_environment.h"
#include "graph/store/store_key.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// The format that this program writes, and the newest that it reads. Part of the stored format.
inline constexpr std::uint64_t kStoreFormat = 1;

/// Says what a failed call means for our callers: kDataLoss, or kUnavailable.
Error ToError(const rocksdb::Status& status);

/// An open database with our column families.
/// Threads: share freely.
class RocksDatabase {
 public:
  /// Errors: those of OpenRocksGraphStore.
  static Result<std::unique_ptr<RocksDatabase>> Open(const std::filesystem::path& directory,
                                                     const RocksStoreOptions& options,
                                                     const RocksEnvironment& environment);
  ~RocksDatabase();
  RocksDatabase(const RocksDatabase&) = delete;
  RocksDatabase& operator=(const RocksDatabase&) = delete;

  /// Reads one record; false if there is none. `snapshot` may be null.
  Result<bool> Get(Family family, std::string_view key, const rocksdb::Snapshot* snapshot,
                   rocksdb::PinnableSlice* value) const;

  /// Walks the keys that start with `prefix`, in their order.
  class Cursor {
   public:
    Cursor(const RocksDatabase& database, Family family, std::string prefix,
           const rocksdb::Snapshot* snapshot);
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    void SeekToFirst() { iterator_->Seek(prefix_); }
    void Seek(std::string_view key) { iterator_->Seek(rocksdb::Slice(key.data(), key.size())); }
    void Next() { iterator_->Next(); }
    bool Valid() const { return iterator_->Valid(); }
    std::string_view key() const { return iterator_->key().ToStringView(); }
    std::string_view value() const { return iterator_->value().ToStringView(); }
    /// Errors: why it is not Valid, unless the keys have come to an end.
    Result<void> status() const;

   private:
    std::string prefix_;
    std::string end_;
    rocksdb::Slice end_slice_;
    std::unique_ptr<rocksdb::Iterator> iterator_;
  };

  void Put(Family family, std::string_view key, std::string_view value,
           rocksdb::WriteBatch* batch) const;
  /// Durable once it returns, unless the environment says otherwise.
  Result<void> Write(rocksdb::WriteBatch* batch) const;

  std::shared_ptr<const rocksdb::Snapshot> TakeSnapshot() const;

  /// Unit: bytes; a block that grows beyond this is split.
  std::size_t block_bytes() const { return block_bytes_; }

 private:
  friend class RocksOpener;
  RocksDatabase() = default;

  rocksdb::ColumnFamilyHandle* Handle(Family family) const {
    return families_[static_cast<std::size_t>(family)];
  }

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilyNames.size()> families_{};
  bool sync_writes_ = true;
  std::size_t block_bytes_ = 0;
};

}  // namespace recoup::graph
