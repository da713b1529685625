// Some of many, spread over all of them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace recoup::model {

/// Returns `count` of `all` at even distances, in order; all of them if there are no more.
template <typename T>
std::vector<T> EvenlySpaced(std::span<const T> all, std::size_t count) {
  if (all.size() <= count) return {all.begin(), all.end()};
  std::vector<T> some;
  some.reserve(count);
  for (std::size_t i = 0; i < count; ++i) some.push_back(all[i * all.size() / count]);
  return some;
}

}  // namespace recoup::model
