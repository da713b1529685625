// How a directory becomes an open database: what is in it is checked before anything is written.
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <utility>

#include "graph/store/byte_codec.h"
#include "graph/store/record.h"
#include "graph/store/rocks_database.h"

namespace recoup::graph {

/// Goes through the steps of RocksDatabase::Open.
class RocksOpener {
 public:
  RocksOpener(const std::filesystem::path& directory, const RocksStoreOptions& options,
              const RocksEnvironment& environment)
      : path_(directory.string()), options_(options), environment_(environment) {
    env_ = environment.env != nullptr ? environment.env : rocksdb::Env::Default();
  }

  Result<std::unique_ptr<RocksDatabase>> Open() {
    RECOUP_ASSIGN(const bool exists, StoreExists());
    if (!exists && options_.must_exist) {
      return Error{ErrorCode::kNotFound, "there is no store in this directory: " + path_};
    }
    if (exists) {
      RECOUP_TRY(ListFamilies());
    } else {
      RECOUP_TRY(MakeDirectory());
    }
    RECOUP_TRY(OpenDatabase());
    RECOUP_TRY(CheckFormat());
    return std::move(database_);
  }

 private:
  Error Foreign() const {
    return {
        ErrorCode::kFailedPrecondition,
        "this directory holds something else than a Recoup store; choose an empty one: " + path_};
  }

  // RocksDB makes these before its CURRENT file, so a creation that was cut short may leave them.
  static bool IsLeftOver(const std::string& name) {
    const auto starts = [&name](std::string_view start) { return name.starts_with(start); };
    return name == "." || name == ".." || name == "LOCK" || name == "IDENTITY" ||
           name == "lost+found" || starts("LOG") || starts("MANIFEST-") || starts("OPTIONS-") ||
           name.ends_with(".dbtmp");
  }

  Result<bool> StoreExists() {
    if (env_->FileExists(path_ + "/CURRENT").ok()) return true;
    std::vector<std::string> children;
    const rocksdb::Status status = env_->GetChildren(path_, &children);
    if (status.IsNotFound() || status.IsPathNotFound()) return false;
    if (!status.ok()) {
      return env_->FileExists(path_).ok() ? Result<bool>(Foreign()) : Result<bool>(false);
    }
    if (!std::all_of(children.begin(), children.end(), IsLeftOver)) return Foreign();
    return false;
  }

  Result<void> MakeDirectory() {
    std::filesystem::path so_far;
    for (const std::filesystem::path& part : std::filesystem::path(path_)) {
      so_far /= part;
      if (env_->FileExists(so_far.string()).ok()) continue;
      const rocksdb::Status status = env_->CreateDirIfMissing(so_far.string());
      if (!status.ok()) return ToError(status);
    }
    return {};
  }

  Result<void> ListFamilies() {
    const rocksdb::Status status =
        rocksdb::DB::ListColumnFamilies(DatabaseOptions(), path_, &stored_families_);
    if (!status.ok()) return ToError(status);
    const bool ours =
        std::find(stored_families_.begin(), stored_families_.end(),
                  kFamilyNames[static_cast<std::size_t>(Family::kMeta)]) != stored_families_.end();
    if (ours) return {};
    RECOUP_ASSIGN(const bool unfinished, IsUnfinished());
    return unfinished ? Result<void>() : Result<void>(Foreign());
  }

  // True for a creation that was cut short before the last of our families, meta, was made.
  Result<bool> IsUnfinished() const {
    for (const std::string& name : stored_families_) {
      const bool known =
          name == rocksdb::kDefaultColumnFamilyName ||
          std::find(kFamilyNames.begin(), kFamilyNames.end(), name) != kFamilyNames.end();
      if (!known) return false;
    }
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status =
        rocksdb::DB::OpenForReadOnly(rocksdb::Options(DatabaseOptions(), {}), path_, &opened);
    if (!status.ok()) return ToError(status);
    const std::unique_ptr<rocksdb::DB> db(opened);
    const std::unique_ptr<rocksdb::Iterator> records(db->NewIterator({}));
    records->SeekToFirst();
    return !records->Valid() && records->status().ok();
  }

  rocksdb::DBOptions DatabaseOptions() const {
    rocksdb::DBOptions options;
    options.env = env_;
    options.create_if_missing = true;
    options.create_missing_column_families = true;
    // A torn end was never acknowledged and is dropped. Damage before the end is an error: to go
    // on from there would lose acknowledged batches without a word.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    options.max_background_jobs = 4;
    // A log that only one family fills must not keep the others' records for ever.
    options.max_total_wal_size = std::uint64_t{512} << 20;
    options.max_bgerror_resume_count = 0;  // a failed disk stays failed until reopened
    options.keep_log_file_num = 4;
    options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    options.avoid_unnecessary_blocking_io = true;
    return options;
  }

  rocksdb::ColumnFamilyOptions FamilyOptions() {
    rocksdb::BlockBasedTableOptions table;
    if (cache_ == nullptr) cache_ = rocksdb::NewLRUCache(options_.block_cache_bytes);
    table.block_cache = cache_;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.whole_key_filtering = true;
    table.cache_index_and_filter_blocks = true;
    table.pin_l0_filter_and_index_blocks_in_cache = true;
    table.format_version = 5;
    rocksdb::ColumnFamilyOptions options;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    options.write_buffer_size = environment_.write_buffer_bytes;
    // An import mostly asks for what is not there yet.
    options.memtable_prefix_bloom_size_ratio = 0.1;
    options.memtable_whole_key_filtering = true;
    const std::vector<rocksdb::CompressionType> known = rocksdb::GetSupportedCompressions();
    const bool lz4 = std::find(known.begin(), known.end(), rocksdb::kLZ4Compression) != known.end();
    options.compression = lz4 ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
    return options;
  }

  Result<void> OpenDatabase() {
    std::vector<std::string> names(kFamilyNames.begin(), kFamilyNames.end());
    names.insert(names.begin(), rocksdb::kDefaultColumnFamilyName);
    // Families of a newer format are opened too, so that its number can be read at all.
    for (const std::string& name : stored_families_) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names) families.emplace_back(name, FamilyOptions());
    database_.reset(new RocksDatabase());
    database_->sync_writes_ = environment_.sync_writes;
    database_->block_bytes_ = environment_.block_bytes;
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status =
        rocksdb::DB::Open(DatabaseOptions(), path_, families, &database_->handles_, &opened);
    if (!status.ok()) return OpenError(status);
    database_->db_.reset(opened);
    for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
      database_->families_[i] = database_->handles_[i + 1];
    }
    return {};
  }

  Error OpenError(const rocksdb::Status& status) const {
    const std::string text = status.ToString();
    if (status.IsIOError() && text.find("lock") != std::string::npos) {
      return {ErrorCode::kUnavailable,
              "another process has this store open: a running server, an import or a training. "
              "Wait for it or stop it; where a server runs, work through it with --server: " +
                  path_};
    }
    return Annotate(ToError(status), path_);
  }

  Result<void> CheckFormat() {
    rocksdb::PinnableSlice record;
    RECOUP_ASSIGN(const bool found, database_->Get(Family::kMeta, kFormatKey, nullptr, &record));
    if (!found) return WriteFormat();
    RECOUP_ASSIGN(const std::string_view body, Unseal(kFormatKey, record.ToStringView()));
    ByteReader reader(body);
    const std::uint64_t format = reader.Varint();
    if (!reader.ok() || format == 0) {
      return Error{ErrorCode::kDataLoss, "the store's format does not decode: " + path_};
    }
    if (format <= kStoreFormat) return {};
    return Error{ErrorCode::kFailedPrecondition,
                 "written by a newer Recoup (store format " + std::to_string(format) +
                     ", this program reads up to " + std::to_string(kStoreFormat) +
                     "); upgrade this program: " + path_};
  }

  // Only an empty database is ours to sign.
  Result<void> WriteFormat() {
    RocksDatabase::Cursor records(*database_, Family::kMeta, "", nullptr);
    records.SeekToFirst();
    RECOUP_TRY(records.status());
    if (records.Valid()) return Foreign();
    std::string body;
    ByteWriter(&body).Varint(kStoreFormat);
    rocksdb::WriteBatch batch;
    database_->Put(Family::kMeta, kFormatKey, Seal(kFormatKey, body), &batch);
    return database_->Write(&batch);
  }

  const std::string path_;
  const RocksStoreOptions& options_;
  const RocksEnvironment& environment_;
  rocksdb::Env* env_ = nullptr;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::vector<std::string> stored_families_;
  std::unique_ptr<RocksDatabase> database_;
};

Result<std::unique_ptr<RocksDatabase>> RocksDatabase::Open(const std::filesystem::path& directory,
                                                           const RocksStoreOptions& options,
                                                           const RocksEnvironment& environment) {
  return RocksOpener(directory, options, environment).Open();
}

}  // namespace recoup::graph
