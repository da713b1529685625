// The threads that do the work of calls, and the bounded queue before them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace recoup::server {

/// A fixed number of threads with admission: work is taken only if it can start now or fits into
/// the queue, so that overload is refused early instead of piling up.
/// Threads: share freely; Stop once.
class WorkerPool {
 public:
  /// `threads` at least 1. `queue_limit` counts waiting work beyond what is running; 0 admits only
  /// what an idle thread can take at once.
  WorkerPool(std::size_t threads, std::size_t queue_limit);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Returns false, and drops `work`, when full or stopped.
  [[nodiscard]] bool TrySubmit(std::function<void()> work);

  /// Takes no more work, finishes what was taken, and joins the threads.
  void Stop();

  /// Work running or waiting.
  std::size_t in_flight() const;

 private:
  void Run();

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  std::size_t running_ = 0;
  bool stopped_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace recoup::server
