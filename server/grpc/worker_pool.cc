#include "server/grpc/worker_pool.h"

#include <algorithm>
#include <utility>

namespace recoup::server {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue_limit)
    : capacity_(std::max<std::size_t>(threads, 1) + queue_limit) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::TrySubmit(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || running_ + queue_.size() >= capacity_) return false;
    queue_.push_back(std::move(work));
  }
  changed_.notify_one();
  return true;
}

void WorkerPool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  threads_.clear();
}

std::size_t WorkerPool::in_flight() const {
  const std::lock_guard lock(mutex_);
  return running_ + queue_.size();
}

void WorkerPool::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
    if (queue_.empty()) return;
    {
      const std::function<void()> work = std::move(queue_.front());
      queue_.pop_front();
      ++running_;
      lock.unlock();
      work();
    }
    lock.lock();
    --running_;
  }
}

}  // namespace recoup::server
