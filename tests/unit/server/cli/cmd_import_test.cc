#include <CLI/CLI.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <sstream>

#include "graph/store/graph_store.h"
#include "server/cli/commands.h"
#include "tests/support/tape_folder.h"

namespace recoup::cli {
namespace {

using Catch::Matchers::ContainsSubstring;

constexpr std::string_view kMapping = R"(recoup_mapping = 1
known_at = { date = "2024-06-30" }
[[table]]
file = "loans.csv"
[[table.node]]
kind = "loan"
id = "id"
)";

// A tape with its mapping, and `recoup import` of it into data/store beside it.
struct Imported {
  Imported() { tape.Write("mapping.toml", kMapping); }

  int Run(const std::filesystem::path& from) {
    CLI::App program;
    Action action;
    AddImportCommand(program, action);
    std::vector<std::string> words = {store.string(), "--store", from.string(), "import"};
    program.parse(words);  // takes the words from the back
    return action({out, err, stop});
  }
  int Run() { return Run(tape.path("")); }

  graph::TapeFolder tape;
  std::filesystem::path store = tape.path("data/store");
  std::ostringstream out;
  std::ostringstream err;
  std::atomic<bool> stop = false;
};

TEST_CASE("A mapping that cannot be used leaves nothing on the disk", "[cli]") {
  Imported imported;
  imported.tape.Write("loans.csv", "loan_no\nA\n");
  CHECK(imported.Run() == kExitUsage);
  CHECK_THAT(imported.err.str(), ContainsSubstring("mapping.toml:7: table.node.id: "));
  CHECK_FALSE(std::filesystem::exists(imported.tape.path("data")));
}

TEST_CASE("The first batch makes the store", "[cli]") {
  Imported imported;
  imported.tape.Write("loans.csv", "id\nA\n");
  REQUIRE(imported.Run() == kExitOk);
  CHECK(imported.err.str().empty());
  const auto store = graph::OpenRocksGraphStore(imported.store, {.must_exist = true});
  REQUIRE(store.has_value());
  CHECK((*store)->Statistics()->facts == 1);
}

TEST_CASE("A tape without facts makes no store, and says so", "[cli]") {
  Imported imported;
  imported.tape.Write("loans.csv", "id\n");
  CHECK(imported.Run() == kExitOk);
  CHECK(imported.err.str() == "recoup import: the tape gave no facts, so no store was made: " +
                                  imported.store.string() + "\n");
  CHECK_FALSE(std::filesystem::exists(imported.store));
}

TEST_CASE("A tape without facts for a store that is there has nothing to say", "[cli]") {
  Imported imported;
  imported.tape.Write("loans.csv", "id\nA\n");
  REQUIRE(imported.Run() == kExitOk);
  imported.tape.Write("loans.csv", "id\n");
  CHECK(imported.Run() == kExitOk);
  CHECK(imported.err.str().empty());
}

TEST_CASE("A store in use is reported before the tape is read", "[cli]") {
  Imported imported;
  std::filesystem::create_directories(imported.store.parent_path());
  const auto holder = graph::OpenRocksGraphStore(imported.store);
  REQUIRE(holder.has_value());
  imported.tape.Write("mapping.toml", "recoup_mapping = 2\n");
  CHECK(imported.Run() == kExitUnavailable);
  CHECK(imported.err.str().find("mapping.toml") == std::string::npos);
}

TEST_CASE("An empty directory becomes a store", "[cli]") {
  Imported imported;
  std::filesystem::create_directories(imported.store);
  imported.tape.Write("loans.csv", "id\nA\n");
  CHECK(imported.Run() == kExitOk);
  CHECK(graph::OpenRocksGraphStore(imported.store, {.must_exist = true}).has_value());
}

TEST_CASE("A tape that cannot be looked at is an error, not an exception", "[cli]") {
  Imported imported;
  const std::string too_long(300, 'x');
  CHECK(imported.Run(imported.tape.path(too_long)) == kExitUnavailable);
  CHECK_THAT(imported.err.str(), ContainsSubstring("recoup import: the tape cannot be reached: ") &&
                                     ContainsSubstring(too_long));
  CHECK(imported.Run(imported.tape.path("nowhere")) == kExitNotFound);
}

}  // namespace
}  // namespace recoup::cli
