// Counts what a test allocates, by the test program's own operator new.
#pragma once

#include <cstddef>

namespace recoup::testing {

/// Returns how often this thread has called operator new (but for types of larger alignment).
std::size_t AllocationsOfThisThread();

template <typename Work>
std::size_t AllocationsOf(const Work& work) {
  const std::size_t before = AllocationsOfThisThread();
  work();
  return AllocationsOfThisThread() - before;
}

}  // namespace recoup::testing
