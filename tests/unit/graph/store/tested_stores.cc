#include "tests/unit/graph/store/tested_stores.h"

#include <unistd.h>

#include <atomic>

#include "graph/store/rocks_environment.h"

namespace recoup::graph {

TemporaryDirectory::TemporaryDirectory() {
  static std::atomic<int> count = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("recoup-store-" + std::to_string(getpid()) + "-" + std::to_string(count++));
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

StoreUnderTest::StoreUnderTest(StoreKind kind) : kind_(kind) { Open(); }

void StoreUnderTest::Open() {
  if (kind_ == StoreKind::kMemory) {
    store_ = MakeMemoryGraphStore();
    return;
  }
  // Small buffers and blocks, so that small tests read files and long histories too.
  RocksEnvironment environment;
  environment.block_bytes = 150;
  environment.write_buffer_bytes = 64 << 10;
  auto opened = OpenRocksGraphStoreIn(directory_.path(), {}, environment);
  RECOUP_CHECK(opened.has_value());
  store_ = *std::move(opened);
}

void StoreUnderTest::Reopen() {
  if (kind_ == StoreKind::kMemory) {
    auto copy = CopyToMemory(*store_);
    RECOUP_CHECK(copy.has_value());
    store_ = *std::move(copy);
    return;
  }
  store_.reset();
  Open();
}

}  // namespace recoup::graph
