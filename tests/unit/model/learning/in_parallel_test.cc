#include "model/learning/in_parallel.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace recoup::model {
namespace {

TEST_CASE("Every item is worked on once, by any number of threads") {
  for (const int threads : {0, 1, 3, 20}) {
    std::vector<int> sliced(17, 0);
    ForEachInParallel(sliced.size(), threads, [&sliced](std::size_t item) { ++sliced[item]; });
    CHECK(sliced == std::vector<int>(17, 1));
    std::vector<int> taken(17, 0);
    const auto done = TryInParallel(taken.size(), threads, [&taken](std::size_t i) -> Result<void> {
      ++taken[i];
      return {};
    });
    CHECK(done.has_value());
    CHECK(taken == std::vector<int>(17, 1));
  }
}

TEST_CASE("The first failure is returned, and what was not begun is left") {
  std::vector<int> taken(1000, 0);
  const auto done = TryInParallel(taken.size(), 1, [&taken](std::size_t i) -> Result<void> {
    ++taken[i];
    if (i < 5) return {};
    return Error{ErrorCode::kCancelled, std::to_string(i)};
  });
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == ErrorCode::kCancelled);
  CHECK(done.error().message == "5");
  CHECK(taken[5] == 1);
  CHECK(taken[6] == 0);
}

TEST_CASE("Of nothing there is nothing to do") {
  ForEachInParallel(0, 2, [](std::size_t) { FAIL("there is no item"); });
  CHECK(TryInParallel(0, 2, [](std::size_t) -> Result<void> {
          return Error{ErrorCode::kInternal, "there is no item"};
        }).has_value());
}

}  // namespace
}  // namespace recoup::model
