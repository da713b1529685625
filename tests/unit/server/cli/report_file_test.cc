#include "server/cli/report_file.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "tests/support/temporary_directory.h"

namespace recoup::cli {
namespace {

namespace fs = std::filesystem;

std::string TextIn(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t FilesIn(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST_CASE("A report replaces the one before and leaves nothing beside it") {
  const TemporaryDirectory folder;
  REQUIRE(WriteReport(folder / "report.html", "a long first report").has_value());
  REQUIRE(WriteReport(folder / "report.html", "second").has_value());
  CHECK(TextIn(folder / "report.html") == "second");
  CHECK(FilesIn(folder.path()) == 1);
}

TEST_CASE("The check writes nothing, and keeps what is there") {
  const TemporaryDirectory folder;
  REQUIRE(CheckReportPath(folder / "report.html").has_value());
  CHECK(FilesIn(folder.path()) == 0);
  REQUIRE(WriteReport(folder / "report.html", "text").has_value());
  REQUIRE(CheckReportPath(folder / "report.html").has_value());
  CHECK(TextIn(folder / "report.html") == "text");
}

TEST_CASE("A folder, a device and a missing folder are refused by name") {
  const TemporaryDirectory folder;
  for (const fs::path& path : {folder.path(), fs::path("/dev/null"), folder / "no/report.html"}) {
    const auto checked = CheckReportPath(path);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == ErrorCode::kInvalidArgument);
    CHECK(WriteReport(path, "text").error().code == ErrorCode::kInvalidArgument);
  }
  CHECK(CheckReportPath(folder / "no/report.html").error().message ==
        "the folder of the report does not exist: " + (folder / "no").string());
}

TEST_CASE("A report that cannot be written beside its place is refused") {
  const TemporaryDirectory folder;
  // Stands where the text would be written first; a folder that forbids writing would not stop
  // root.
  REQUIRE(fs::create_directories(folder / "report.html.partial/full"));
  const auto checked = CheckReportPath(folder / "report.html");
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().code == ErrorCode::kUnavailable);
  CHECK(checked.error().message.starts_with("cannot write the report to "));
}

TEST_CASE("A table is shown in the form that was asked for, and once more as a page") {
  const TemporaryDirectory folder;
  model::EvaluationTable table;
  table.split_description = "a split of its own";
  for (const char* format : {"table", "json"}) {
    for (const bool with_page : {false, true}) {
      std::ostringstream out;
      std::ostringstream err;
      const std::atomic<bool> stop = false;
      const fs::path page = with_page ? folder / "page.html" : fs::path();
      REQUIRE(ShowTable(table, format, page, {out, err, stop}).has_value());
      CHECK(out.str().find("a split of its own") != std::string::npos);
      CHECK((out.str().front() == '{') == (std::string(format) == "json"));
      CHECK((err.str().find("page.html") != std::string::npos) == with_page);
      CHECK(fs::exists(folder / "page.html") == with_page);
      fs::remove(folder / "page.html");
    }
  }
}

}  // namespace
}  // namespace recoup::cli
