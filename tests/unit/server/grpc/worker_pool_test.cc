#include "server/grpc/worker_pool.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace recoup::server {
namespace {

TEST_CASE("Everything admitted is done before Stop returns") {
  std::atomic<int> done = 0;
  WorkerPool pool(3, 1000);
  for (int i = 0; i < 500; ++i) REQUIRE(pool.TrySubmit([&] { ++done; }));
  pool.Stop();
  CHECK(done == 500);
  CHECK(pool.in_flight() == 0);
}

TEST_CASE("Work beyond threads and queue is refused, and admitted again when there is room") {
  std::promise<void> release;
  const std::shared_future<void> gate = release.get_future().share();
  WorkerPool pool(2, 3);
  for (int i = 0; i < 5; ++i) REQUIRE(pool.TrySubmit([gate] { gate.wait(); }));
  CHECK_FALSE(pool.TrySubmit([] {}));
  CHECK(pool.in_flight() == 5);
  release.set_value();
  while (pool.in_flight() > 0) std::this_thread::yield();
  CHECK(pool.TrySubmit([] {}));
}

TEST_CASE("Without a queue, only idle threads admit") {
  std::promise<void> release;
  const std::shared_future<void> gate = release.get_future().share();
  WorkerPool pool(1, 0);
  REQUIRE(pool.TrySubmit([gate] { gate.wait(); }));
  CHECK_FALSE(pool.TrySubmit([] {}));
  release.set_value();
}

TEST_CASE("A stopped pool refuses") {
  WorkerPool pool(1, 1);
  pool.Stop();
  CHECK_FALSE(pool.TrySubmit([] {}));
}

TEST_CASE("What the work holds is let go before the thread counts as idle") {
  WorkerPool pool(1, 0);
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = held;
  REQUIRE(pool.TrySubmit([moved = std::move(held)] { (void)moved; }));
  while (pool.in_flight() > 0) std::this_thread::yield();
  CHECK(watch.expired());
}

TEST_CASE("Many threads may submit at once") {
  std::atomic<int> done = 0;
  std::atomic<int> admitted = 0;
  WorkerPool pool(2, 16);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 2000; ++i) {
          if (pool.TrySubmit([&] { ++done; })) ++admitted;
        }
      });
    }
  }
  pool.Stop();
  CHECK(done == admitted);
  CHECK(admitted > 0);
}

}  // namespace
}  // namespace recoup::server
