#include "graph/ingest/mapping_facts.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph {
namespace {

// Reads `text` with `read` and keeps what is wrong with it.
template <typename Read>
auto ReadWith(const std::string& text, const Read& read, std::string* wrong) {
  const toml::parse_result parsed = toml::parse(text);
  REQUIRE(parsed.succeeded());
  MappingProblem problem;
  KeyReader keys(parsed.table(), "", &problem);
  auto mapping = read(keys);
  *wrong = problem.place().has_value() ? problem.place()->key + ": " + problem.message() : "";
  return mapping;
}

MappingDefaults Dated() {
  MappingDefaults defaults;
  defaults.known_at = DateMapping{*Date::Parse("2024-01-31"), "", {"known_at", 1}};
  return defaults;
}

NodeMapping Node(const std::string& text, std::string* wrong, const MappingDefaults& defaults) {
  return ReadWith(
      text, [&](KeyReader& keys) { return ReadNode(keys, defaults); }, wrong);
}

NodeMapping MustNode(const std::string& text, const MappingDefaults& defaults = Dated()) {
  std::string wrong;
  NodeMapping node = Node(text, &wrong, defaults);
  CHECK(wrong.empty());
  return node;
}

std::string WrongNode(const std::string& text, const MappingDefaults& defaults = Dated()) {
  std::string wrong;
  Node(text, &wrong, defaults);
  return wrong;
}

std::string WrongOutcome(const std::string& keys) {
  std::string wrong;
  ReadWith(
      "loan = \"id\"\nvaluation_date = \"v\"\n" + keys,
      [](KeyReader& reader) { return ReadOutcome(reader, Dated()); }, &wrong);
  return wrong;
}

TEST_CASE("An id without braces is one column") {
  const IdMapping id = MustNode("kind = \"loan\"\nid = \"loan no\"").id;
  REQUIRE(id.pieces.size() == 1);
  CHECK(id.pieces[0].is_column);
  CHECK(id.pieces[0].text == "loan no");
}

TEST_CASE("An id with braces is columns and literals in turn") {
  const IdMapping id = MustNode("kind = \"loan\"\nid = \"zip:{zip}|{state}!\"").id;
  std::string spelt;
  for (const auto& piece : id.pieces) spelt += (piece.is_column ? "<" : "[") + piece.text + ";";
  CHECK(spelt == "[zip:;<zip;[|;<state;[!;");
}

TEST_CASE("An id needs a whole column in braces") {
  const auto wrong = [](const std::string& id) {
    return WrongNode("kind = \"loan\"\nid = \"" + id + "\"");
  };
  CHECK(wrong("{open") == "id: a { needs a column's name and a } after it");
  CHECK(wrong("{}") == "id: a { needs a column's name and a } after it");
  CHECK(wrong("closed}") == "id: an id needs at least one column in braces");
}

TEST_CASE("A fact takes its dates from itself, else from the table") {
  const NodeMapping inherited = MustNode("kind = \"loan\"\nid = \"id\"");
  CHECK(inherited.fact.known_at.fixed == *Date::Parse("2024-01-31"));
  CHECK(inherited.fact.effective_at.fixed == *Date::Parse("2024-01-31"));
  const NodeMapping own = MustNode("kind = \"loan\"\nid = \"id\"\nknown_at = \"day\"");
  CHECK(own.fact.known_at.column == "day");
  CHECK(own.fact.effective_at.column == "day");
}

TEST_CASE("A fact that is known at no time cannot be") {
  CHECK(WrongNode("kind = \"loan\"\nid = \"id\"", {}) ==
        "known_at: is missing here, in the table and at the top");
}

TEST_CASE("Attributes take the dates of their fact unless they have their own") {
  const NodeMapping node = MustNode(
      "kind = \"loan\"\nid = \"id\"\nknown_at = \"day\"\n[attributes]\n"
      "a = { column = \"a\", type = \"number\" }\n"
      "b = { column = \"b\", type = \"number\", known_at = \"later\" }\n");
  REQUIRE(node.fact.attributes.size() == 2);
  CHECK(node.fact.attributes[0].known_at.column == "day");
  CHECK(node.fact.attributes[1].known_at.column == "later");
}

TEST_CASE("An operation is upsert or remove") {
  CHECK(MustNode("kind = \"loan\"\nid = \"id\"\noperation = \"remove\"").fact.operation ==
        FactOperation::kRemove);
  CHECK(WrongNode("kind = \"loan\"\nid = \"id\"\noperation = \"delete\"") ==
        "operation: must be upsert or remove");
}

TEST_CASE("An edge joins only what its kind may join") {
  const auto wrong = [](const std::string& to) {
    std::string problem;
    ReadWith(
        "kind = \"borrows\"\nfrom = { kind = \"party\", id = \"p\" }\nto = { kind = \"" + to +
            "\", id = \"l\" }",
        [](KeyReader& keys) { return ReadEdge(keys, Dated()); }, &problem);
    return problem;
  };
  CHECK(wrong("loan").empty());
  CHECK(wrong("court").starts_with("kind: "));
}

TEST_CASE("An outcome comes from a rate, or from a loss and an exposure") {
  CHECK(WrongOutcome("recovery_rate = \"r\"\nunit = \"percent\"").empty());
  CHECK(WrongOutcome("loss = \"l\"\nexposure = \"e\"").empty());
  CHECK(WrongOutcome("exposure = \"e\"") == ": needs either recovery_rate, or loss and exposure");
}

TEST_CASE("A unit of an outcome belongs to a rate only") {
  CHECK(WrongOutcome("loss = \"l\"\nexposure = \"e\"\nunit = \"percent\"")
            .starts_with("unit: is not a key that belongs here"));
}

TEST_CASE("What a table says replaces what stands at the top") {
  MappingDefaults defaults = Dated();
  std::string wrong;
  ReadWith(
      "currency = \"CHF\"\nnull_words = [\"-\"]\ndecimal_comma = true\non_bad_cell = \"cell\"\n",
      [&](KeyReader& keys) {
        ReadDefaults(keys, &defaults);
        return 0;
      },
      &wrong);
  CHECK(wrong.empty());
  CHECK(defaults.currency->code() == "CHF");
  CHECK(defaults.null_words == std::vector<std::string>{"-"});
  CHECK(defaults.date_formats == std::vector<std::string>{"%Y-%m-%d"});
  CHECK(defaults.decimal_comma);
  CHECK(defaults.on_bad_cell == OnBadCell::kCell);
  CHECK(defaults.known_at->fixed == *Date::Parse("2024-01-31"));
}

}  // namespace
}  // namespace recoup::graph
