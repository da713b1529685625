// The store on disk: one RocksDB write per batch, durable before Apply returns.
#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include "graph/store/byte_codec.h"
#include "graph/store/fact_codec.h"
#include "graph/store/record.h"
#include "graph/store/rocks_environment.h"
#include "graph/store/rocks_view.h"
#include "graph/store/rocks_writer.h"

namespace recoup::graph {
namespace {

class RocksGraphStore final : public GraphStore {
 public:
  explicit RocksGraphStore(std::unique_ptr<RocksDatabase> database)
      : database_(std::move(database)) {}

  /// Reads the state back. Errors: kDataLoss, kUnavailable.
  Result<void> Load() {
    StoreState state;
    RECOUP_TRY(LoadNumbers(&state));
    RECOUP_TRY(LoadCatalog(&state));
    RECOUP_TRY(LoadRemoved(&state));
    Publish(std::move(state));
    return {};
  }

  Result<ApplyReceipt> Apply(const FactBatch& batch) override {
    RECOUP_TRY(CheckBatch(batch));
    const std::lock_guard one_at_a_time(apply_mutex_);
    if (failed_) return Failed();
    const std::shared_ptr<const RocksMoment> before = Current();
    RECOUP_ASSIGN(const std::optional<std::uint64_t> applied, AppliedOffset(batch.source));
    if (applied.has_value() && batch.source_offset <= *applied) {
      return ApplyReceipt{before->state.statistics.epoch, 0};
    }
    RECOUP_ASSIGN(StoreState after, WriteBatchOf(batch, before->state));
    const std::uint64_t epoch = after.statistics.epoch;
    Publish(std::move(after));
    return ApplyReceipt{epoch, batch.facts.size()};
  }

  std::unique_ptr<const GraphView> ViewAsOf(Date day) const override {
    return std::make_unique<RocksView>(*database_, Current(), day);
  }

  Result<StoreStatistics> Statistics() const override { return Current()->state.statistics; }

  Result<void> SetNote(std::string_view name, std::string_view text) override {
    const std::lock_guard one_at_a_time(apply_mutex_);
    if (failed_) return Failed();
    const std::string key = NoteKey(name);
    rocksdb::WriteBatch write;
    database_->Put(Family::kMeta, key, Seal(key, text), &write);
    const Result<void> written = database_->Write(&write);
    failed_ = !written.has_value();
    return written;
  }

  Result<std::optional<std::string>> Note(std::string_view name) const override {
    const std::string key = NoteKey(name);
    rocksdb::PinnableSlice record;
    RECOUP_ASSIGN(const bool found, database_->Get(Family::kMeta, key, nullptr, &record));
    if (!found) return std::optional<std::string>();
    RECOUP_ASSIGN(const std::string_view text, Unseal(key, record.ToStringView()));
    return std::optional(std::string(text));
  }

  Result<std::optional<std::uint64_t>> AppliedOffset(std::string_view source) const override {
    if (source.empty()) return std::optional<std::uint64_t>();
    const std::string key = SourceKey(source);
    rocksdb::PinnableSlice record;
    RECOUP_ASSIGN(const bool found, database_->Get(Family::kMeta, key, nullptr, &record));
    if (!found) return std::optional<std::uint64_t>();
    RECOUP_ASSIGN(const std::string_view body, Unseal(key, record.ToStringView()));
    return std::optional(ByteReader(body).Varint());
  }

  using GraphStore::Replay;
  Result<void> Replay(const std::function<Result<void>(const FactBatch&)>& visit,
                      std::uint64_t after) const override {
    const std::shared_ptr<const RocksMoment> moment = Current();
    RocksDatabase::Cursor cursor(*database_, Family::kFact, "", moment->snapshot.get());
    std::uint64_t epoch = after;
    for (cursor.Seek(FactKey(after + 1)); cursor.Valid(); cursor.Next()) {
      if (cursor.key() != FactKey(++epoch)) break;
      RECOUP_ASSIGN(const std::string_view body, Unseal(cursor.key(), cursor.value()));
      RECOUP_ASSIGN(const FactBatch batch, DecodeBatch(body));
      RECOUP_TRY(visit(batch));
    }
    RECOUP_TRY(cursor.status());
    if (cursor.Valid() || epoch != moment->state.statistics.epoch) {
      return Error{ErrorCode::kDataLoss, "a batch of the facts log is missing; restore the store"};
    }
    return {};
  }

 private:
  static Error Failed() {
    return {ErrorCode::kUnavailable,
            "the store takes no more writes since its disk failed; reopen it"};
  }

  std::shared_ptr<const RocksMoment> Current() const {
    const std::lock_guard guard(moment_mutex_);
    return moment_;
  }

  void Publish(StoreState state) {
    auto moment = std::make_shared<const RocksMoment>(
        RocksMoment{std::move(state), database_->TakeSnapshot()});
    const std::lock_guard guard(moment_mutex_);
    moment_ = std::move(moment);
  }

  Result<StoreState> WriteBatchOf(const FactBatch& batch, const StoreState& before) {
    AttributeCatalog catalog = *before.catalog;
    RocksWriter writer(*database_, before);
    RECOUP_ASSIGN(
        const BatchPlan plan,
        PlanBatch(batch, {before.statistics.epoch, before.last_sequence}, writer, &catalog));
    rocksdb::WriteBatch write;
    RECOUP_ASSIGN(StoreState after, writer.Stage(plan, std::move(catalog), &write));
    const std::string fact_key = FactKey(plan.epoch);
    database_->Put(Family::kFact, fact_key, Seal(fact_key, EncodeBatch(batch)), &write);
    if (!batch.source.empty()) {
      const std::string key = SourceKey(batch.source);
      std::string offset;
      ByteWriter(&offset).Varint(batch.source_offset);
      database_->Put(Family::kMeta, key, Seal(key, offset), &write);
    }
    const Result<void> written = database_->Write(&write);
    if (!written) {
      failed_ = true;
      return Error{ErrorCode::kUnavailable, written.error().message};
    }
    return after;
  }

  Result<void> LoadNumbers(StoreState* state) const {
    rocksdb::PinnableSlice record;
    RECOUP_ASSIGN(const bool found, database_->Get(Family::kMeta, kStateKey, nullptr, &record));
    if (!found) return {};
    RECOUP_ASSIGN(const std::string_view body, Unseal(kStateKey, record.ToStringView()));
    return DecodeNumbers(body, state);
  }

  Result<void> LoadCatalog(StoreState* state) const {
    auto catalog = std::make_shared<AttributeCatalog>();
    RocksDatabase::Cursor cursor(*database_, Family::kMeta, std::string(kAttributePrefix), nullptr);
    for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
      RECOUP_ASSIGN(const std::string_view body, Unseal(cursor.key(), cursor.value()));
      RECOUP_ASSIGN(CatalogChange change, DecodeChange(body));
      catalog->Restore(std::move(change));
    }
    state->catalog = std::move(catalog);
    return cursor.status();
  }

  Result<void> LoadRemoved(StoreState* state) const {
    auto removed = std::make_shared<std::unordered_set<NodeId>>();
    RocksDatabase::Cursor cursor(*database_, Family::kMeta, std::string(kRemovedPrefix), nullptr);
    for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
      removed->insert(NodeId(ByteReader(cursor.key().substr(kRemovedPrefix.size())).BigEndian(8)));
    }
    state->removed = std::move(removed);
    return cursor.status();
  }

  std::unique_ptr<RocksDatabase> database_;
  std::mutex apply_mutex_;
  bool failed_ = false;  // guarded by apply_mutex_
  mutable std::mutex moment_mutex_;
  std::shared_ptr<const RocksMoment> moment_;
};

}  // namespace

Result<std::unique_ptr<GraphStore>> OpenRocksGraphStoreIn(const std::filesystem::path& directory,
                                                          const RocksStoreOptions& options,
                                                          const RocksEnvironment& environment) {
  RECOUP_ASSIGN(std::unique_ptr<RocksDatabase> database,
                RocksDatabase::Open(directory, options, environment));
  auto store = std::make_unique<RocksGraphStore>(std::move(database));
  RECOUP_TRY(store->Load());
  return std::unique_ptr<GraphStore>(std::move(store));
}

Result<std::unique_ptr<GraphStore>> OpenRocksGraphStore(const std::filesystem::path& directory,
                                                        const RocksStoreOptions& options) {
  RocksEnvironment environment;
  environment.write_buffer_bytes = options.write_buffer_bytes;
  return OpenRocksGraphStoreIn(directory, options, environment);
}

}  // namespace recoup::graph
