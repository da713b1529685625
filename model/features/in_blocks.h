// Work on many items, a block at a time, by whichever thread is free.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <thread>
#include <vector>

#include "graph/types/result.h"

namespace recoup::model {

/// Workers of one task. Results do not depend on their number.
struct Workers {
  int threads = 1;
  /// Set by another thread to give up; may be null.
  const std::atomic<bool>* stop = nullptr;

  bool Stopped() const { return stop != nullptr && stop->load(std::memory_order_relaxed); }
};

/// Calls work(begin, end) for blocks of up to `block` items until one fails; what an item gives
/// must not depend on its block. A worker makes its own `work` by calling make_work(). Errors: that
/// of the first block that failed, kCancelled (stopped).
template <typename MakeWork>
Result<void> InBlocks(std::size_t items, std::size_t block, const Workers& workers,
                      const MakeWork& make_work) {
  const std::size_t blocks = (items + block - 1) / block;
  std::vector<std::optional<Error>> errors(blocks);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  const auto take = [&] {
    auto work = make_work();
    for (std::size_t i = next.fetch_add(1); i < blocks && !failed.load() && !workers.Stopped();
         i = next.fetch_add(1)) {
      const Result<void> done = work(i * block, std::min(items, (i + 1) * block));
      if (done.has_value()) continue;
      errors[i] = done.error();
      failed.store(true);
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < workers.threads && static_cast<std::size_t>(i) < blocks; ++i) {
      helpers.emplace_back(take);
    }
    take();
  }
  for (const std::optional<Error>& error : errors) {
    if (error) return *error;
  }
  if (workers.Stopped()) return Error{ErrorCode::kCancelled, "stopped before all was done"};
  return {};
}

}  // namespace recoup::model
