// Keeps LibTorch and its BLAS on the thread that calls them, while our own threads share the work.
#pragma once

namespace recoup::model {

/// While it lives, LibTorch's operations use one thread each. The network's matrices are narrow:
/// threads inside each operation would mostly wait for each other, and for other programs.
/// Threads: one at a time; the setting is the process's.
class SingleThreadedMath {
 public:
  SingleThreadedMath();
  ~SingleThreadedMath();
  SingleThreadedMath(const SingleThreadedMath&) = delete;
  SingleThreadedMath& operator=(const SingleThreadedMath&) = delete;

 private:
  int torch_threads_;
  int blas_threads_;
};

}  // namespace recoup::model
