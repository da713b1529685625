#include "server/telemetry/logger.h"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <thread>
#include <vector>

namespace recoup::server {
namespace {

std::vector<std::string> LinesOf(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::filesystem::path FreshFile(const std::string& name) {
  auto path = std::filesystem::temp_directory_path() /
              ("recoup-log-" + std::to_string(::getpid()) + "-" + name);
  std::filesystem::remove(path);
  return path;
}

TEST_CASE("A file gets one JSON line an event, in UTC, from the logger's level on") {
  const auto file = FreshFile("levels");
  const auto logger = Logger::Open({LogLevel::kInfo, LogFormat::kJson, file.string()});
  REQUIRE(logger);
  (*logger)->Debug("hidden");
  (*logger)->Info("shown", {{"n", std::int64_t{1}}});
  const auto lines = LinesOf(file);
  REQUIRE(lines.size() == 1);
  CHECK(std::regex_match(
      lines[0],
      std::regex(
          R"(\{"ts":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","level":"info","event":"shown","n":1\})")));
  std::filesystem::remove(file);
}

TEST_CASE("A percent sign or brace in a field is printed as it is") {
  const auto file = FreshFile("format");
  const auto logger = Logger::Open({LogLevel::kDebug, LogFormat::kText, file.string()});
  REQUIRE(logger);
  (*logger)->Debug("e", {{"text", std::string("{} %s %v {0}")}});
  const auto lines = LinesOf(file);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].ends_with(R"(debug e text="{} %s %v {0}")"));
  std::filesystem::remove(file);
}

TEST_CASE("Lines of many threads do not mix") {
  const auto file = FreshFile("threads");
  const auto logger = Logger::Open({LogLevel::kInfo, LogFormat::kJson, file.string()});
  REQUIRE(logger);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 250; ++i) (*logger)->Info("e", {{"x", std::string(100, 'x')}});
      });
    }
  }
  const auto lines = LinesOf(file);
  CHECK(lines.size() == 1000);
  for (const auto& line : lines) REQUIRE(line.size() == lines[0].size());
  std::filesystem::remove(file);
}

TEST_CASE("A file that cannot be written is an error") {
  const auto logger = Logger::Open({LogLevel::kInfo, LogFormat::kJson, "/proc/none/recoup.log"});
  REQUIRE_FALSE(logger);
  CHECK(logger.error().code == ErrorCode::kUnavailable);
}

TEST_CASE("Levels and formats are named; unknown names list the known ones") {
  CHECK(*ParseLogLevel("warning") == LogLevel::kWarning);
  CHECK(*ParseLogFormat("text") == LogFormat::kText);
  CHECK(ParseLogLevel("loud").error().message ==
        "unknown log level; known are debug, info, warning, error: loud");
  CHECK(ParseLogFormat("xml").error().message == "unknown log format; known are json, text: xml");
}

}  // namespace
}  // namespace recoup::server
