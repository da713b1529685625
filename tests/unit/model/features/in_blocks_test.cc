#include "model/features/in_blocks.h"

#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace recoup::model {
namespace {

TEST_CASE("Every item is worked on once, from any number of threads") {
  for (const int threads : {1, 2, 7}) {
    std::vector<int> times(1003, 0);
    const auto done = InBlocks(times.size(), 10, {.threads = threads}, [&] {
      return [&](std::size_t begin, std::size_t end) -> Result<void> {
        for (std::size_t i = begin; i < end; ++i) ++times[i];
        return {};
      };
    });
    REQUIRE(done.has_value());
    CHECK(times == std::vector<int>(1003, 1));
  }
}

TEST_CASE("No items are no work") {
  const auto done = InBlocks(0, 10, {.threads = 2}, [] {
    return [](std::size_t, std::size_t) -> Result<void> {
      return Error{ErrorCode::kInternal, "asked for nothing"};
    };
  });
  CHECK(done.has_value());
}

TEST_CASE("A block that fails stops the rest, and its error is returned") {
  std::size_t done_items = 0;
  const auto done = InBlocks(100, 10, {.threads = 1}, [&] {
    return [&](std::size_t begin, std::size_t end) -> Result<void> {
      if (begin == 30) return Error{ErrorCode::kDataLoss, "block " + std::to_string(begin)};
      done_items += end - begin;
      return {};
    };
  });
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().message == "block 30");
  CHECK(done_items == 30);
}

TEST_CASE("A stop between two blocks ends the work as cancelled") {
  std::atomic<bool> stop = false;
  std::size_t blocks = 0;
  const auto done = InBlocks(100, 10, {.threads = 1, .stop = &stop}, [&] {
    return [&](std::size_t, std::size_t) -> Result<void> {
      stop = ++blocks == 3;
      return {};
    };
  });
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == ErrorCode::kCancelled);
  CHECK(blocks == 3);
}

}  // namespace
}  // namespace recoup::model
