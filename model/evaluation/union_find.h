// Disjoint sets of numbers 0 .. n - 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace recoup::model {

/// Joins sets and finds the smallest member of each.
/// Threads: one at a time.
class UnionFind {
 public:
  explicit UnionFind(std::size_t size) : parents_(size) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }

  /// Returns the smallest member of the set that holds `member`.
  std::size_t Find(std::size_t member) {
    while (parents_[member] != member) {
      parents_[member] = parents_[parents_[member]];
      member = parents_[member];
    }
    return member;
  }

  void Join(std::size_t one, std::size_t other) {
    one = Find(one);
    other = Find(other);
    if (other < one) std::swap(one, other);
    parents_[other] = one;
  }

 private:
  std::vector<std::size_t> parents_;
};

}  // namespace recoup::model
