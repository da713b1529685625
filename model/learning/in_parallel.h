// Work on many items in a fixed number of slices, one a thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <thread>
#include <vector>

#include "graph/types/result.h"

namespace recoup::model {

/// Calls work(begin, end) once a slice. What an item gives must not depend on its slice.
template <typename Work>
void InParallel(std::size_t items, int threads, const Work& work) {
  std::vector<std::jthread> workers;
  const auto slices = static_cast<std::size_t>(std::max(threads, 1));
  for (std::size_t i = 0; i < slices; ++i) {
    workers.emplace_back(
        [&work, begin = items * i / slices, end = items * (i + 1) / slices] { work(begin, end); });
  }
}

/// Calls work(item) for each item, whichever thread is free, until one fails. For few items of much
/// work, such as one model each: a model that is fitted on one thread does not wait for the slowest
/// of several at every step, and is the same on any number of them.
/// Returns the error of the first item that failed.
template <typename Work>
Result<void> TryInParallel(std::size_t items, int threads, const Work& work) {
  std::vector<std::optional<Error>> errors(items);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  const auto take = [&] {
    for (std::size_t item = next.fetch_add(1); item < items && !failed.load();
         item = next.fetch_add(1)) {
      const Result<void> done = work(item);
      if (done.has_value()) continue;
      errors[item] = done.error();
      failed.store(true);
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 1; i < threads && static_cast<std::size_t>(i) < items; ++i) {
      workers.emplace_back(take);
    }
    take();
  }
  for (const auto& error : errors) {
    if (error) return *error;
  }
  return {};
}

/// Calls work(item) for each.
template <typename Work>
void ForEachInParallel(std::size_t items, int threads, const Work& work) {
  InParallel(items, threads, [&work](std::size_t begin, std::size_t end) {
    for (std::size_t item = begin; item < end; ++item) work(item);
  });
}

}  // namespace recoup::model
