#include "graph/ingest/mapping_keys.h"

#include <catch2/catch_test_macros.hpp>
#include <functional>

namespace recoup::graph {
namespace {

// Reads `text` and returns the first problem as `line: key: message`, or nothing.
std::string ProblemOf(std::string_view text, const std::function<void(KeyReader&)>& read) {
  const toml::parse_result parsed = toml::parse(text);
  REQUIRE(parsed.succeeded());
  MappingProblem problem;
  KeyReader keys(parsed.table(), "", &problem);
  read(keys);
  if (!problem.place().has_value()) return {};
  return std::to_string(problem.place()->line) + ": " + problem.place()->key + ": " +
         problem.message();
}

TEST_CASE("Keys of the right type are read, absent ones are nothing") {
  CHECK(
      ProblemOf("a = \"x\"\nb = true\nc = 2\nd = [\"p\", \"q\"]\ne = \"r\"\n", [](KeyReader& keys) {
        CHECK(keys.String("a") == "x");
        CHECK_FALSE(keys.String("z").has_value());
        CHECK(keys.Bool("b", false));
        CHECK(keys.Bool("z", true));
        CHECK(keys.Number("c") == 2.0);
        CHECK(keys.Strings("d") == std::vector<std::string>{"p", "q"});
        CHECK(keys.Strings("e") == std::vector<std::string>{"r"});
        CHECK_FALSE(keys.Table("z").has_value());
        CHECK(keys.Tables("z").empty());
        keys.Finish();
      }).empty());
}

TEST_CASE("A key of the wrong type is named with its line") {
  const auto problem = [](const std::function<void(KeyReader&)>& read) {
    return ProblemOf("\na = 2024-01-31\nlist = [1]\n", read);
  };
  CHECK(problem([](KeyReader& keys) { keys.String("a"); }) == "2: a: must be a text in quotes");
  CHECK(problem([](KeyReader& keys) { keys.Bool("a", false); }) == "2: a: must be true or false");
  CHECK(problem([](KeyReader& keys) { keys.Number("a"); }) == "2: a: must be a number");
  CHECK(problem([](KeyReader& keys) { keys.Table("a"); }) == "2: a: must be a table");
  CHECK(problem([](KeyReader& keys) { keys.Tables("a"); }) ==
        "2: a: must be a list of tables: write [[a]]");
  CHECK(problem([](KeyReader& keys) { keys.Tables("list"); }) == "3: list: must hold tables only");
  CHECK(problem([](KeyReader& keys) { keys.Strings("list"); }) ==
        "3: list: must be a list of texts in quotes");
}

TEST_CASE("A required text must be there and not be empty") {
  CHECK(ProblemOf("a = \"\"", [](KeyReader& keys) { keys.RequiredString("a"); }) ==
        "1: a: must not be empty");
  CHECK(
      ProblemOf("", [](KeyReader& keys) { keys.RequiredString("a"); }).ends_with("a: is missing"));
}

TEST_CASE("A key that nobody asked for is a problem, and goes before all others") {
  CHECK(ProblemOf("kinds = \"loan\"\n", [](KeyReader& keys) {
          keys.RequiredString("kind");
          keys.Finish();
        }) == "1: kinds: is not a key that belongs here; known are kind");
}

TEST_CASE("Of two problems the first is kept") {
  CHECK(ProblemOf("a = 1\nb = 2\n", [](KeyReader& keys) {
          keys.String("b");
          keys.String("a");
        }) == "2: b: must be a text in quotes");
}

TEST_CASE("The place of a key within tables is its whole path") {
  CHECK(ProblemOf("[[table]]\n[table.node]\nid = 1\n", [](KeyReader& keys) {
          keys.Tables("table").at(0).Table("node")->String("id");
        }) == "3: table.node.id: must be a text in quotes");
}

TEST_CASE("All keys come in the order of the file and count as asked for") {
  CHECK(ProblemOf("z = 1\na = 2\nm = 3\n", [](KeyReader& keys) {
          CHECK(keys.AllKeys() == std::vector<std::string>{"z", "a", "m"});
          keys.Finish();
        }).empty());
}

}  // namespace
}  // namespace recoup::graph
