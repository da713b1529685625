// Both stores behind one face, so that one suite tests them alike.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "graph/store/graph_store.h"

namespace recoup::graph {

/// An empty directory that is gone when the test ends.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

enum class StoreKind { kMemory, kRocks };

/// A store of either kind.
class StoreUnderTest {
 public:
  explicit StoreUnderTest(StoreKind kind);

  GraphStore& operator*() { return *store_; }
  GraphStore* operator->() { return store_.get(); }

  /// Closes and opens a store on disk; copies a store in memory.
  void Reopen();

 private:
  void Open();

  const StoreKind kind_;
  TemporaryDirectory directory_;
  std::unique_ptr<GraphStore> store_;
};

}  // namespace recoup::graph
