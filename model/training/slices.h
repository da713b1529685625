// Work cut into one slice a thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <future>
#include <span>
#include <type_traits>
#include <vector>

namespace recoup::model {

/// Cuts `items` into at most `count` runs of nearly equal length, none of them empty.
template <typename T>
std::vector<std::span<const T>> CutIntoSlices(std::span<const T> items, std::size_t count) {
  std::vector<std::span<const T>> slices;
  const std::size_t wanted = std::min(count, items.size());
  for (std::size_t i = 0; i < wanted; ++i) {
    const std::size_t begin = items.size() * i / wanted;
    const std::size_t end = items.size() * (i + 1) / wanted;
    slices.push_back(items.subspan(begin, end - begin));
  }
  return slices;
}

/// Calls work(slice, position) for every slice, each on its own thread and the first on this one.
/// Returns the results in order, so that whoever adds them up does it in the same order each time.
/// An exception of `work` is thrown on.
template <typename T, typename Work>
auto ForEachSlice(const std::vector<std::span<const T>>& slices, const Work& work) {
  using Value = std::invoke_result_t<Work, std::span<const T>, std::size_t>;
  std::vector<std::future<Value>> others;
  for (std::size_t i = 1; i < slices.size(); ++i) {
    others.push_back(std::async(std::launch::async, work, slices[i], i));
  }
  std::vector<Value> results;
  if (!slices.empty()) results.push_back(work(slices[0], 0));
  for (auto& other : others) results.push_back(other.get());
  return results;
}

}  // namespace recoup::model
