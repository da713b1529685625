// The store's copy in memory, made while the store on disk already answers.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "graph/schema/fact.h"
#include "graph/store/graph_store.h"
#include "graph/types/result.h"

namespace recoup::server {

/// Copies a store in a thread of its own, and follows it from then on. Until the copy is complete
/// there is none; then it has the same epoch, node ids and answers as the store it was made from.
/// Threads: share freely. Lifetime: must not outlive the store and the mutex.
class MemoryTwin {
 public:
  /// Whoever writes to `durable` holds `writing`. `warn` is told, in that thread, why there will be
  /// no copy.
  MemoryTwin(const graph::GraphStore& durable, std::mutex& writing,
             std::function<void(const std::string&)> warn);
  MemoryTwin(const MemoryTwin&) = delete;
  MemoryTwin& operator=(const MemoryTwin&) = delete;

  /// Returns the copy once it is complete, else null. What was returned stays valid.
  const graph::GraphStore* Get() const { return complete_.load(std::memory_order_acquire); }

  /// Waits until there is a copy, or until it is clear that there will be none.
  void Wait() const { done_.wait(false, std::memory_order_acquire); }

  /// Applies what the durable store has just applied, in the same order.
  /// REQUIRES: `writing` has been held since before that.
  Result<void> Follow(const graph::FactBatch& batch, const graph::ApplyReceipt& receipt);

 private:
  void Run(const std::stop_token& stop);
  Result<void> Copy(const std::stop_token& stop);

  const graph::GraphStore& durable_;
  std::mutex& writing_;
  const std::function<void(const std::string&)> warn_;
  std::unique_ptr<graph::GraphStore> copy_;
  std::atomic<graph::GraphStore*> complete_ = nullptr;
  std::atomic<bool> done_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace recoup::server
