#include "server/cli/progress_bar.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <sstream>
#include <thread>

namespace recoup::cli {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

// Longer than the pause between two drawings on a terminal.
constexpr std::chrono::milliseconds kPause(120);

TEST_CASE("A bar on a terminal shows share and rate and erases itself", "[cli]") {
  std::ostringstream out;
  std::ostringstream err;
  const std::atomic<bool> stop = false;
  const CommandIo io{out, err, stop, /*err_is_terminal=*/true};
  {
    ProgressBar bar(io, "valuing", 2000, "loans");
    std::this_thread::sleep_for(kPause);
    bar.Set(1000, "loss 0.5");
    CHECK_THAT(err.str(),
               ContainsSubstring("valuing [############............] 50 %  1,000 loans"));
    CHECK_THAT(err.str(), ContainsSubstring("left  loss 0.5"));
  }
  CHECK_THAT(err.str(), EndsWith("\r\033[K"));
  CHECK(out.str().empty());
}

TEST_CASE("A short command away from a terminal says nothing of its progress", "[cli]") {
  std::ostringstream out;
  std::ostringstream err;
  const std::atomic<bool> stop = false;
  const CommandIo io{out, err, stop};
  {
    ProgressBar bar(io, "valuing", 10, "loans");
    std::this_thread::sleep_for(kPause);
    bar.Set(10);
  }
  CHECK(err.str().empty());
}

}  // namespace
}  // namespace recoup::cli
