#include "tests/unit/model/runtime/count_allocations.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

// Apart from what calls them: inlined into it, they look to the compiler as if memory from new went
// to free.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

namespace recoup::testing {

std::size_t AllocationsOfThisThread() { return allocations; }

}  // namespace recoup::testing
