// Work on many items in a fixed number of slices, one a thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

namespace recoup::model {

/// Calls work(begin, end) once a slice. What an item gives must not depend on its slice.
template <typename Work>
void InParallel(std::size_t items, int threads, const Work& work) {
  std::vector<std::jthread> workers;
  const auto slices = static_cast<std::size_t>(std::max(threads, 1));
  for (std::size_t i = 0; i < slices; ++i) {
    workers.emplace_back([&work, begin = items * i / slices, end = items * (i + 1) / slices] {
      work(begin, end);
    });
  }
}

/// Calls work(item) for each.
template <typename Work>
void ForEachInParallel(std::size_t items, int threads, const Work& work) {
  InParallel(items, threads, [&work](std::size_t begin, std::size_t end) {
    for (std::size_t item = begin; item < end; ++item) work(item);
  });
}

}  // namespace recoup::model
