// Read and write access to the loan graph: the one seam between the code and its storage engine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "graph/schema/fact.h"
#include "graph/store/graph_view.h"
#include "graph/types/date.h"
#include "graph/types/result.h"

namespace recoup::graph {

struct ApplyReceipt {
  std::uint64_t epoch = 0;          // after the batch
  std::uint64_t facts_applied = 0;  // 0 when the batch's source offset was already applied
};

struct StoreStatistics {
  std::uint64_t epoch = 0;
  std::uint64_t facts = 0;
  std::map<NodeKind, std::uint64_t> nodes;
  std::map<EdgeKind, std::uint64_t> edges;
  std::uint64_t outcomes = 0;
  /// The latest known_at of any fact; Date::Min() in an empty store.
  Date latest_known_at = Date::Min();
};

/// Stores loans, parties, collateral and legal events as one typed, dated graph.
/// Threads: every method is safe to call concurrently; batches are applied one at a time.
class GraphStore {
 public:
  virtual ~GraphStore() = default;

  /// Applies every fact in `batch` or none of them; durable on disk once it returns (a store in
  /// memory keeps it until the process ends).
  /// Errors: kInvalidArgument (a fact breaks the schema), kUnavailable (the disk failed or is full;
  /// the store then takes no more writes until it is reopened).
  virtual Result<ApplyReceipt> Apply(const FactBatch& batch) = 0;

  /// Opens a consistent view without copying data; later writes do not change it.
  virtual std::unique_ptr<const GraphView> ViewAsOf(Date day) const = 0;

  virtual Result<StoreStatistics> Statistics() const = 0;

  /// Returns the last offset applied from this source, if any.
  virtual Result<std::optional<std::uint64_t>> AppliedOffset(std::string_view source) const = 0;

  /// Calls `visit` with the applied batches of the facts log that came after epoch `after`, oldest
  /// first, until it fails.
  /// Errors: kDataLoss (the log is damaged), or what `visit` returned.
  virtual Result<void> Replay(const std::function<Result<void>(const FactBatch&)>& visit,
                              std::uint64_t after) const = 0;
  Result<void> Replay(const std::function<Result<void>(const FactBatch&)>& visit) const {
    return Replay(visit, 0);
  }

  /// Keeps a few bytes beside the facts, such as what a cache was made from. No view shows them and
  /// no epoch counts them; they go where the store goes: a backup holds those of its own time.
  /// Errors: kUnavailable (the disk failed).
  virtual Result<void> SetNote(std::string_view name, std::string_view text) = 0;
  /// Returns the last note of this name, if any. Errors: kDataLoss, kUnavailable.
  virtual Result<std::optional<std::string>> Note(std::string_view name) const = 0;
};

struct RocksStoreOptions {
  /// Fail instead of creating a store where there is none.
  bool must_exist = false;
  /// Unit: bytes of RocksDB's block cache.
  std::uint64_t block_cache_bytes = std::uint64_t{256} << 20;
  /// Unit: bytes of new facts kept in memory by each of six column families before they go into a
  /// file. Large ones make imports faster; a tenth of them is taken at once, whatever comes.
  std::uint64_t write_buffer_bytes = std::uint64_t{64} << 20;
};

/// Opens the RocksDB store in `directory`, creating it if absent.
/// Errors: kFailedPrecondition (written by a newer format, or the directory holds something else),
/// kUnavailable (another process has it open, or the disk failed), kNotFound (must_exist).
Result<std::unique_ptr<GraphStore>> OpenRocksGraphStore(const std::filesystem::path& directory,
                                                        const RocksStoreOptions& options = {});

struct MemoryStoreOptions {
  /// Without it Replay fails: for the copy of a store that keeps the log itself.
  bool keep_log = true;
};

/// Returns an empty store in memory: the same answers, for tests and for serving from RAM.
std::unique_ptr<GraphStore> MakeMemoryGraphStore(const MemoryStoreOptions& options = {});

/// Returns a store in memory that holds what `source` holds, with the same node ids and epochs.
/// Errors: those of Replay.
Result<std::unique_ptr<GraphStore>> CopyToMemory(const GraphStore& source);

}  // namespace recoup::graph
