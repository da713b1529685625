// The store in memory: the same answers as on disk, and the facts log to copy it from.
#include <map>
#include <mutex>
#include <utility>

#include "graph/store/fact_codec.h"
#include "graph/store/graph_store.h"
#include "graph/store/memory_view.h"

namespace recoup::graph {
namespace {

class MemoryGraphStore final : public GraphStore {
 public:
  explicit MemoryGraphStore(const MemoryStoreOptions& options) : options_(options) {}

  Result<ApplyReceipt> Apply(const FactBatch& batch) override {
    RECOUP_TRY(CheckBatch(batch));
    // Only this thread writes, so it may read the image without the readers' lock.
    const std::lock_guard one_at_a_time(apply_mutex_);
    MemoryImage& image = state_.image;
    const std::uint64_t epoch = image.statistics().epoch;
    if (WasApplied(batch)) return ApplyReceipt{epoch, 0};
    AttributeCatalog catalog = state_.catalog;
    RECOUP_ASSIGN(BatchPlan plan,
                  PlanBatch(batch, {epoch, image.last_sequence()}, image, &catalog));
    std::string record = options_.keep_log ? EncodeBatch(batch) : std::string();
    const ImageLock::Write guard(state_.lock);
    image.Apply(std::move(plan));
    state_.catalog = std::move(catalog);
    if (options_.keep_log) log_.push_back(std::move(record));
    if (!batch.source.empty()) offsets_[batch.source] = batch.source_offset;
    return ApplyReceipt{epoch + 1, batch.facts.size()};
  }

  std::unique_ptr<const GraphView> ViewAsOf(Date day) const override {
    const auto guard = state_.lock.Read();
    return std::make_unique<MemoryView>(state_, Horizon{day, state_.image.last_sequence()},
                                        state_.image.statistics().epoch);
  }

  Result<StoreStatistics> Statistics() const override {
    const auto guard = state_.lock.Read();
    return state_.image.statistics();
  }

  Result<void> SetNote(std::string_view name, std::string_view text) override {
    const std::lock_guard one_at_a_time(notes_mutex_);
    notes_[std::string(name)] = text;
    return {};
  }

  Result<std::optional<std::string>> Note(std::string_view name) const override {
    const std::lock_guard one_at_a_time(notes_mutex_);
    const auto found = notes_.find(std::string(name));
    if (found == notes_.end()) return std::optional<std::string>();
    return std::optional(found->second);
  }

  Result<std::optional<std::uint64_t>> AppliedOffset(std::string_view source) const override {
    const auto guard = state_.lock.Read();
    const auto found = offsets_.find(source);
    if (found == offsets_.end()) return std::optional<std::uint64_t>();
    return std::optional(found->second);
  }

  using GraphStore::Replay;
  Result<void> Replay(const std::function<Result<void>(const FactBatch&)>& visit,
                      std::uint64_t after) const override {
    if (!options_.keep_log) {
      return Error{ErrorCode::kFailedPrecondition, "this store in memory keeps no log of facts"};
    }
    const std::size_t last = LogSize();
    if (after > last) return Error{ErrorCode::kDataLoss, "a batch of the facts log is missing"};
    for (std::size_t i = after; i < last; ++i) {
      RECOUP_ASSIGN(const FactBatch batch, DecodeBatch(RecordAt(i)));
      RECOUP_TRY(visit(batch));
    }
    return {};
  }

 private:
  bool WasApplied(const FactBatch& batch) const {
    const auto found = offsets_.find(batch.source);
    return found != offsets_.end() && batch.source_offset <= found->second;
  }

  std::size_t LogSize() const {
    const auto guard = state_.lock.Read();
    return log_.size();
  }

  std::string RecordAt(std::size_t index) const {
    const auto guard = state_.lock.Read();
    return log_[index];
  }

  const MemoryStoreOptions options_;
  std::mutex apply_mutex_;
  MemoryState state_;
  std::map<std::string, std::uint64_t, std::less<>> offsets_;
  std::vector<std::string> log_;
  mutable std::mutex notes_mutex_;
  std::map<std::string, std::string> notes_;
};

}  // namespace

std::unique_ptr<GraphStore> MakeMemoryGraphStore(const MemoryStoreOptions& options) {
  return std::make_unique<MemoryGraphStore>(options);
}

Result<std::unique_ptr<GraphStore>> CopyToMemory(const GraphStore& source) {
  std::unique_ptr<GraphStore> copy = MakeMemoryGraphStore();
  RECOUP_TRY(source.Replay([&copy](const FactBatch& batch) -> Result<void> {
    RECOUP_TRY(copy->Apply(batch));
    return {};
  }));
  return copy;
}

}  // namespace recoup::graph
