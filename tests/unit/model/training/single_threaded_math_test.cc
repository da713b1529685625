#include "model/training/single_threaded_math.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <catch2/catch_test_macros.hpp>

namespace recoup::model {
namespace {

// OpenBLAS's own count, or 0 where the BLAS is another.
int BlasThreads() {
  using Get = int (*)();
  const auto get = reinterpret_cast<Get>(::dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  return get == nullptr ? 0 : get();
}

TEST_CASE("LibTorch has one thread while it lives, and as many as before afterwards") {
  at::set_num_threads(3);
  {
    const SingleThreadedMath single;
    CHECK(at::get_num_threads() == 1);
  }
  CHECK(at::get_num_threads() == 3);
}

TEST_CASE("OpenBLAS has one thread while it lives, and as many as before afterwards") {
  using Set = void (*)(int);
  const auto set = reinterpret_cast<Set>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set == nullptr) SKIP("the system's BLAS is not OpenBLAS");
  set(2);
  const int before = BlasThreads();
  {
    const SingleThreadedMath single;
    CHECK(BlasThreads() == 1);
  }
  CHECK(BlasThreads() == before);
}

}  // namespace
}  // namespace recoup::model
