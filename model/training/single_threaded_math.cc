#include "model/training/single_threaded_math.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

namespace recoup::model {
namespace {

// LibTorch calls whatever BLAS the system has; OpenBLAS has threads of its own, which LibTorch's
// setting does not reach. Looked up by name because another BLAS does not have these.
int BlasThreads() {
  using Get = int (*)();
  const auto get = reinterpret_cast<Get>(::dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  return get == nullptr ? 0 : get();
}

void SetBlasThreads(int threads) {
  using Set = void (*)(int);
  const auto set = reinterpret_cast<Set>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set != nullptr && threads > 0) set(threads);
}

}  // namespace

SingleThreadedMath::SingleThreadedMath()
    : torch_threads_(at::get_num_threads()), blas_threads_(BlasThreads()) {
  at::set_num_threads(1);
  SetBlasThreads(1);
}

SingleThreadedMath::~SingleThreadedMath() {
  at::set_num_threads(torch_threads_);
  SetBlasThreads(blas_threads_);
}

}  // namespace recoup::model
