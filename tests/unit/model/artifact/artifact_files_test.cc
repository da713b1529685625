#include "model/artifact/artifact_files.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "tests/support/temporary_directory.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

// While it lives, no file of this process grows beyond `bytes`: the disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

template <typename T>
void RequireError(const Result<T>& result, ErrorCode code) {
  REQUIRE_FALSE(result.has_value());
  INFO(result.error().message);
  CHECK(result.error().code == code);
}

TEST_CASE("Files are read back as they were written, in a directory of their own") {
  const TemporaryDirectory scratch;
  const std::string bytes("a\0b\n", 4);
  REQUIRE(WriteNewDirectory(scratch / "deep/er/model", {{"x", bytes}, {"y", ""}}).has_value());
  CHECK(ReadWholeFile(scratch / "deep/er/model/x", 4).value() == bytes);
  CHECK(ReadWholeFile(scratch / "deep/er/model/y", 0).value().empty());
}

TEST_CASE("A file above its limit is not read") {
  const TemporaryDirectory scratch;
  REQUIRE(WriteNewDirectory(scratch / "model", {{"x", "12345"}}).has_value());
  CHECK(ReadWholeFile(scratch / "model/x", 5).has_value());
  RequireError(ReadWholeFile(scratch / "model/x", 4), ErrorCode::kDataLoss);
}

TEST_CASE("What is no plain file is not read, and a pipe does not hang") {
  const TemporaryDirectory scratch;
  RequireError(ReadWholeFile(scratch.path(), 100), ErrorCode::kDataLoss);
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  RequireError(ReadWholeFile(scratch / "pipe", 100), ErrorCode::kDataLoss);
  RequireError(ReadWholeFile(scratch / "nothing", 100), ErrorCode::kNotFound);
}

TEST_CASE("A path through a file is the disk's failure, not an absence") {
  const TemporaryDirectory scratch;
  std::ofstream(scratch / "file") << "x";
  RequireError(ReadWholeFile(scratch / "file/x", 100), ErrorCode::kUnavailable);
  RequireError(WriteNewDirectory(scratch / "file/model", {}), ErrorCode::kUnavailable);
}

TEST_CASE("Whatever stands at the place of the directory stays as it is") {
  const TemporaryDirectory scratch;
  std::ofstream(scratch / "file") << "x";
  fs::create_directory(scratch / "empty");
  fs::create_symlink("nowhere", scratch / "link");
  for (const char* name : {"file", "empty", "link", "empty/"}) {
    INFO(name);
    RequireError(WriteNewDirectory(scratch / name, {{"x", "1"}}), ErrorCode::kAlreadyExists);
  }
  CHECK(fs::is_empty(scratch / "empty"));
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK_FALSE(fs::exists(scratch / "nowhere"));
}

TEST_CASE("A disk that fills up midway leaves nothing behind") {
  const TemporaryDirectory scratch;
  {
    const FullDisk disk(1000);
    const auto written =
        WriteNewDirectory(scratch / "model", {{"a", "fits"}, {"b", std::string(5000, 'x')}});
    RequireError(written, ErrorCode::kUnavailable);
    CHECK(written.error().message.find("not written") != std::string::npos);
  }
  CHECK(fs::is_empty(scratch.path()));
  CHECK(WriteNewDirectory(scratch / "model", {{"b", std::string(5000, 'x')}}).has_value());
}

TEST_CASE("A file that cannot be made leaves nothing behind") {
  const TemporaryDirectory scratch;
  RequireError(WriteNewDirectory(scratch / "model", {{"a", "1"}, {"no/such/folder", "2"}}),
               ErrorCode::kUnavailable);
  CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("A leftover of a crash does not stand in the way") {
  const TemporaryDirectory scratch;
  fs::create_directory(scratch / (".model.partial-" + std::to_string(::getpid() + 1) + "-0"));
  CHECK(WriteNewDirectory(scratch / "model", {{"a", "1"}}).has_value());
  CHECK(fs::exists(scratch / "model/a"));
}

TEST_CASE("A directory is replaced with all its files, and nothing is left beside it") {
  const TemporaryDirectory scratch;
  REQUIRE(WriteNewDirectory(scratch / "model", {{"a", "old"}, {"b", "old"}}).has_value());
  fs::create_directory(scratch / "model/stray");
  for (const char* name : {"model", "model/"}) {
    REQUIRE(ReplaceDirectory(scratch / name, {{"a", name}, {"c", "new"}}).has_value());
    CHECK(ReadWholeFile(scratch / "model/a", 100).value() == name);
    CHECK(fs::exists(scratch / "model/c"));
    CHECK_FALSE(fs::exists(scratch / "model/b"));
    CHECK_FALSE(fs::exists(scratch / "model/stray"));
    CHECK(std::distance(fs::directory_iterator(scratch.path()), {}) == 1);
  }
}

TEST_CASE("What is no directory is not replaced") {
  const TemporaryDirectory scratch;
  std::ofstream(scratch / "file") << "x";
  RequireError(ReplaceDirectory(scratch / "file", {{"a", "1"}}), ErrorCode::kNotFound);
  RequireError(ReplaceDirectory(scratch / "none", {{"a", "1"}}), ErrorCode::kNotFound);
  CHECK(ReadWholeFile(scratch / "file", 1).value() == "x");
  CHECK(std::distance(fs::directory_iterator(scratch.path()), {}) == 1);
}

TEST_CASE("A replacement that a full disk stops leaves the old directory, and nothing beside it") {
  const TemporaryDirectory scratch;
  REQUIRE(WriteNewDirectory(scratch / "model", {{"a", "old"}}).has_value());
  {
    const FullDisk disk(1000);
    const auto replaced =
        ReplaceDirectory(scratch / "model", {{"a", "new"}, {"b", std::string(5000, 'x')}});
    RequireError(replaced, ErrorCode::kUnavailable);
  }
  CHECK(ReadWholeFile(scratch / "model/a", 100).value() == "old");
  CHECK(std::distance(fs::directory_iterator(scratch / "model"), {}) == 1);
  CHECK(std::distance(fs::directory_iterator(scratch.path()), {}) == 1);
}

TEST_CASE("While a directory is replaced it is there at every moment, with one of both contents") {
  const TemporaryDirectory scratch;
  REQUIRE(WriteNewDirectory(scratch / "model", {{"a", "0"}, {"b", "0"}}).has_value());
  std::atomic<bool> done{false};
  std::size_t absent = 0;
  std::size_t mixed = 0;
  std::thread reader([&] {
    while (!done) {
      const int directory = ::open((scratch / "model").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      if (directory < 0) {
        ++absent;
        continue;
      }
      // Both files through one descriptor: of the same directory, whatever its name is now.
      const fs::path same = "/proc/self/fd/" + std::to_string(directory);
      const auto first = ReadWholeFile(same / "a", 100);
      const auto second = ReadWholeFile(same / "b", 100);
      if (first && second && *first != *second) ++mixed;
      ::close(directory);
    }
  });
  for (int i = 1; i <= 100; ++i) {
    const std::string text = std::to_string(i);
    CHECK(ReplaceDirectory(scratch / "model", {{"a", text}, {"b", text}}).has_value());
  }
  done = true;
  reader.join();
  CHECK(absent == 0);
  CHECK(mixed == 0);
}

}  // namespace
}  // namespace recoup::model
