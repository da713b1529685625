#include "graph/ingest/rejects_file.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/tape_folder.h"

namespace recoup::graph {
namespace {

TEST_CASE("Rejects are listed below a header, in the order of adding") {
  const TapeFolder folder;
  RejectsFile rejects;
  REQUIRE(rejects.Open(folder.path("rejects.csv")).has_value());
  rejects.Add({"loans.csv", 3, "balance", "x", "not a number"});
  rejects.Add({"loans.csv", 2, "", "1,2,3", "more values"});
  REQUIRE(rejects.Close().has_value());
  CHECK(folder.Read("rejects.csv") ==
        "file,line,column,value,reason\n"
        "loans.csv,3,balance,x,not a number\n"
        "loans.csv,2,,\"1,2,3\",more values\n");
}

TEST_CASE("Cells with quotes and line ends are quoted") {
  const TapeFolder folder;
  RejectsFile rejects;
  REQUIRE(rejects.Open(folder.path("rejects.csv")).has_value());
  rejects.Add({"a", 1, "say \"b\"", "one\ntwo\r", "c"});
  REQUIRE(rejects.Close().has_value());
  CHECK(folder.Rejects() == "a,1,\"say \"\"b\"\"\",\"one\ntwo\r\",c\n");
}

TEST_CASE("An older file is replaced") {
  const TapeFolder folder;
  folder.Write("rejects.csv", "something much longer than the header of a file of rejects\n");
  RejectsFile rejects;
  REQUIRE(rejects.Open(folder.path("rejects.csv")).has_value());
  REQUIRE(rejects.Close().has_value());
  CHECK(folder.Read("rejects.csv") == "file,line,column,value,reason\n");
}

TEST_CASE("Without a path nothing is written and nothing fails") {
  RejectsFile rejects;
  REQUIRE(rejects.Open({}).has_value());
  rejects.Add({"a", 1, "b", "c", "d"});
  CHECK(rejects.Close().has_value());
}

TEST_CASE("A file that cannot be made is an error at once") {
  const TapeFolder folder;
  RejectsFile rejects;
  const Result<void> opened = rejects.Open(folder.path("no/such/folder.csv"));
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == ErrorCode::kUnavailable);
}

TEST_CASE("A full disk shows when the file is closed") {
  if (!std::filesystem::exists("/dev/full")) SKIP("no /dev/full here");
  RejectsFile rejects;
  Result<void> outcome = rejects.Open("/dev/full");
  if (outcome.has_value()) {
    for (int i = 0; i < 10000; ++i) rejects.Add({"a", 1, "b", "c", "d"});
    outcome = rejects.Close();
  }
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace recoup::graph
