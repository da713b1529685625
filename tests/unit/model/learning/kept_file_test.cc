#include "model/learning/kept_file.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

#include "tests/support/temporary_directory.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

TEST_CASE("What is kept is recalled for the same alone, and the newest counts") {
  const TemporaryDirectory folder;
  const fs::path path = folder / "deeper" / "file";
  CHECK_FALSE(RecallFile(path, "a").has_value());
  REQUIRE(KeepFile(path, "a", "first").has_value());
  CHECK(RecallFile(path, "a") == "first");
  CHECK_FALSE(RecallFile(path, "b").has_value());
  REQUIRE(KeepFile(path, "a", "").has_value());
  CHECK(RecallFile(path, "a") == "");
  // What belongs to the name must not pass for a part of the bytes.
  REQUIRE(KeepFile(path, "a", "bc").has_value());
  CHECK_FALSE(RecallFile(path, "ab").has_value());
}

TEST_CASE("Every damaged byte and every cut makes a kept file absent") {
  const TemporaryDirectory folder;
  const fs::path path = folder / "file";
  REQUIRE(KeepFile(path, "a", "bytes").has_value());
  std::ifstream file(path, std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    std::ofstream(path, std::ios::binary) << damaged;
    CHECK_FALSE(RecallFile(path, "a").has_value());
    std::ofstream(path, std::ios::binary) << whole.substr(0, i);
    CHECK_FALSE(RecallFile(path, "a").has_value());
  }
  std::ofstream(path, std::ios::binary) << whole;
  CHECK(RecallFile(path, "a") == "bytes");
}

TEST_CASE("A place that cannot be written is an error that names it") {
  const TemporaryDirectory folder;
  std::ofstream(folder / "in-the-way") << "a file";
  const auto kept = KeepFile(folder / "in-the-way" / "file", "a", "bytes");
  REQUIRE_FALSE(kept.has_value());
  CHECK(kept.error().code == ErrorCode::kUnavailable);
  CHECK(kept.error().message.find("in-the-way") != std::string::npos);
}

}  // namespace
}  // namespace recoup::model
