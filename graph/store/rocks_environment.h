// Opens the store on disk on another file system than the machine's own: for tests of faults.
// Nothing outside graph/store and its tests includes this.
#pragma once

#include <rocksdb/env.h>

#include <filesystem>
#include <memory>

#include "graph/store/graph_store.h"

namespace recoup::graph {

struct RocksEnvironment {
  /// Where files live; null is the machine's own. Must outlive the store.
  rocksdb::Env* env = nullptr;
  /// False breaks the promise of Apply: only to show that a test would notice.
  bool sync_writes = true;
  /// Unit: bytes; small ones make small tests flush and compact.
  std::uint64_t write_buffer_bytes = std::uint64_t{64} << 20;
  /// Unit: bytes; a block of a history that grows beyond this is split.
  std::size_t block_bytes = 4096;
};

/// As OpenRocksGraphStore.
Result<std::unique_ptr<GraphStore>> OpenRocksGraphStoreIn(const std::filesystem::path& directory,
                                                          const RocksStoreOptions& options,
                                                          const RocksEnvironment& environment);

}  // namespace recoup::graph
