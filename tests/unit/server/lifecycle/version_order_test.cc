#include "server/lifecycle/version_order.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace recoup::server {
namespace {

TEST_CASE("Runs of digits compare as numbers") {
  CHECK(VersionBefore("2026-11-20-9", "2026-11-20-10"));
  CHECK_FALSE(VersionBefore("2026-11-20-10", "2026-11-20-9"));
  CHECK(VersionBefore("v9", "v10"));
  CHECK(VersionBefore("2026-09-30-1", "2026-10-01-1"));
}

TEST_CASE("Numbers longer than any integer compare as numbers") {
  CHECK(VersionBefore("99999999999999999999998", "99999999999999999999999"));
  CHECK(VersionBefore("99999999999999999999999", "100000000000000000000000"));
}

TEST_CASE("A prefix comes before what continues it") {
  CHECK(VersionBefore("", "1"));
  CHECK(VersionBefore("1", "1-1"));
  CHECK(VersionBefore("v1", "v1b"));
}

TEST_CASE("Zeros in front do not change the number but keep the order strict") {
  CHECK(VersionBefore("v007", "v8"));
  CHECK(VersionBefore("v00", "v1"));
  CHECK(VersionBefore("v07", "v7") != VersionBefore("v7", "v07"));
}

TEST_CASE("The order is strict and transitive") {
  const std::vector<std::string> versions = {"",   "0",   "00",  "1",   "01", "1a", "a",  "a1",
                                             "a2", "a10", "b-1", "b-2", "ä",  "2",  "10", "9"};
  for (const auto& a : versions) {
    CHECK_FALSE(VersionBefore(a, a));
    for (const auto& b : versions) {
      if (a != b) CHECK(VersionBefore(a, b) != VersionBefore(b, a));
      for (const auto& c : versions) {
        if (VersionBefore(a, b) && VersionBefore(b, c)) CHECK(VersionBefore(a, c));
      }
    }
  }
}

}  // namespace
}  // namespace recoup::server
