#include "graph/ingest/mapping.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace recoup::graph {
namespace {

constexpr std::string_view kGood = R"(recoup_mapping = 1
currency = "USD"
known_at = { date = "2024-01-31" }
[[table]]
file = "loans.csv"
[[table.node]]
kind = "loan"
id = "loan_id"
[table.node.attributes]
balance = { column = "balance", minimum = 0 }
)";

// Replaces one piece of the good mapping.
std::string With(std::string_view from, std::string_view to) {
  std::string text(kGood);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string ErrorOf(const std::string& text) {
  const Result<Mapping> mapping = ParseMapping(text, "mapping.toml");
  if (mapping.has_value()) return "no error";
  CHECK(mapping.error().code == ErrorCode::kInvalidArgument);
  return mapping.error().message;
}

TEST_CASE("A good mapping is read") {
  const Result<Mapping> mapping = ParseMapping(kGood, "folder/mapping.toml");
  REQUIRE(mapping.has_value());
  CHECK(mapping->name == "mapping");
  REQUIRE(mapping->tables.size() == 1);
  const NodeMapping& loan = mapping->tables[0].nodes.at(0);
  CHECK(loan.id.place.line == 8);
  CHECK(loan.fact.attributes.at(0).format.type == AttributeType::kMoney);
  CHECK(loan.fact.attributes[0].format.currency.code() == "USD");
  CHECK(DeclaredAttributes(*mapping)->empty());
}

TEST_CASE("Malformed TOML is named with its line") {
  CHECK(ErrorOf("recoup_mapping = 1\nname = \n").starts_with("mapping.toml:2: "));
  CHECK(ErrorOf("\xff\xfe").starts_with("mapping.toml:1: "));
}

TEST_CASE("A malformed table header is an error in every build") {
  CHECK(ErrorOf("recoup_mapping = 1\n[$table]]\n").starts_with("mapping.toml:2: "));
}

TEST_CASE("A file outside the tape is refused with its line") {
  for (const char* file : {"/etc/passwd", "//host/x", "..", "../loans.csv", "a/../../loans.csv",
                           "a/..", "./../loans.csv"}) {
    INFO(file);
    CHECK(ErrorOf(With("loans.csv", file)) ==
          "mapping.toml:5: table.file: must lie within the tape, so neither an absolute path nor "
          ".. is allowed");
  }
  for (const char* file : {"a/loans.csv", "./loans.csv", "..loans.csv", "loans..csv"}) {
    INFO(file);
    CHECK(ErrorOf(With("loans.csv", file)) == "no error");
  }
}

TEST_CASE("A missing key is named with its place") {
  CHECK(ErrorOf("") ==
        "mapping.toml:1: recoup_mapping: is missing; a mapping begins with recoup_mapping = 1");
  CHECK(ErrorOf(With("id = \"loan_id\"\n", "")) == "mapping.toml:6: table.node.id: is missing");
  CHECK(ErrorOf(With("file = \"loans.csv\"\n", "")) == "mapping.toml:4: table.file: is missing");
  CHECK(ErrorOf(With("known_at = { date = \"2024-01-31\" }\n", "")) ==
        "mapping.toml:5: table.node.known_at: is missing here, in the table and at the top");
  CHECK(ErrorOf("recoup_mapping = 1\n") ==
        "mapping.toml:1: table: is missing; a mapping needs a [[table]]");
}

TEST_CASE("A misspelt key is an error, wherever it stands") {
  CHECK(ErrorOf(With("currency", "curency")).starts_with("mapping.toml:2: curency: is not a key"));
  CHECK(ErrorOf(With("minimum", "minumum"))
            .starts_with("mapping.toml:10: table.node.attributes.balance.minumum: is not a key"));
  CHECK(ErrorOf(With("kind = \"loan\"", "kind = \"loan\"\nwhenn = \"1\""))
            .starts_with("mapping.toml:8: table.node.whenn: is not a key"));
}

TEST_CASE("Unknown kinds, currencies, types, roles and units are errors") {
  CHECK(ErrorOf(With("\"loan\"", "\"lown\"")).starts_with("mapping.toml:7: table.node.kind: "));
  CHECK(
      ErrorOf(With("USD", "USX")).starts_with("mapping.toml:2: currency: not an active ISO 4217"));
  CHECK(ErrorOf(With("minimum = 0", "type = \"moneys\""))
            .starts_with("mapping.toml:10: table.node.attributes.balance.type: unknown"));
  CHECK(ErrorOf(With("minimum = 0", "type = \"number\"")) ==
        "mapping.toml:10: table.node.attributes.balance.type: must be money, because this "
        "attribute is "
        "well-known");
  CHECK(ErrorOf(With("minimum = 0", "role = \"label\""))
            .starts_with("mapping.toml:10: table.node.attributes.balance.role: cannot be changed"));
  CHECK(ErrorOf(With("minimum = 0", "unit = \"dozen\""))
            .starts_with("mapping.toml:10: table.node.attributes.balance.unit: unknown unit"));
  CHECK(ErrorOf(With("balance = {", "ballance = {")) ==
        "mapping.toml:10: table.node.attributes.ballance: needs a type (number, category, flag, "
        "text, "
        "date or money)");
}

TEST_CASE("An edge kind may not join any two nodes") {
  const std::string edge = std::string(kGood) + R"([[table.edge]]
kind = "borrows"
from = { kind = "loan", id = "loan_id" }
to = { kind = "loan", id = "loan_id" }
)";
  CHECK(ErrorOf(edge).starts_with("mapping.toml:12: table.edge.kind: "));
}

TEST_CASE("Patterns of ids are checked") {
  CHECK(
      ErrorOf(With("\"loan_id\"", "\"{loan_id\"")).starts_with("mapping.toml:8: table.node.id: "));
  CHECK(ErrorOf(With("\"loan_id\"", "\"{}\"")).starts_with("mapping.toml:8: table.node.id: "));
  CHECK(ErrorOf(With("\"loan_id\"", "\"a}\"")).starts_with("mapping.toml:8: table.node.id: "));
  CHECK(ErrorOf(With("\"loan_id\"", "\"{bank}|{state}\"")) == "no error");
}

TEST_CASE("An outcome needs a rate, or a loss and an exposure") {
  const auto outcome = [](const std::string& keys) {
    return ErrorOf(std::string(kGood) +
                   "[[table.outcome]]\nloan = \"loan_id\"\nvaluation_date = \"d\"\n" + keys);
  };
  CHECK(outcome("recovery_rate = \"r\"\n") == "no error");
  CHECK(outcome("loss = \"l\"\nexposure = \"e\"\n") == "no error");
  const std::string wanted =
      "mapping.toml:11: table.outcome: needs either recovery_rate, or loss and exposure";
  CHECK(outcome("") == wanted);
  CHECK(outcome("loss = \"l\"\n") == wanted);
  CHECK(outcome("recovery_rate = \"r\"\nloss = \"l\"\nexposure = \"e\"\n") == wanted);
}

TEST_CASE("A forbidden column cannot become a feature") {
  const std::string forbidden =
      With("file = \"loans.csv\"", "file = \"loans.csv\"\nforbidden_columns = [\"balance\"]");
  CHECK(ErrorOf(forbidden).find("is in forbidden_columns") != std::string::npos);
}

TEST_CASE("One attribute has one type and one role") {
  const std::string text =
      With("balance = { column = \"balance\", minimum = 0 }",
           "x = { column = \"x\", type = \"number\" }") +
      "[[table.node]]\nkind = \"loan\"\nid = \"loan_id\"\n[table.node.attributes]\n"
      "x = { column = \"x\", type = \"category\" }\n";
  CHECK(ErrorOf(text) ==
        "mapping.toml:15: table.node.attributes.x: has another type or role than elsewhere in this "
        "mapping");
}

TEST_CASE("Texts are labels, and roles of extensions are declared") {
  const Result<Mapping> mapping = ParseMapping(
      With("minimum = 0 }",
           "minimum = 0 }\nterm = { column = \"t\", type = \"number\", role = \"forbidden\" }\n"
           "note = { column = \"n\", type = \"text\" }"),
      "mapping.toml");
  REQUIRE(mapping.has_value());
  const auto declared = *DeclaredAttributes(*mapping);
  REQUIRE(declared.size() == 2);
  CHECK(declared[0].name == "term");
  CHECK(declared[0].role == AttributeRole::kForbidden);
  CHECK(declared[1].role == AttributeRole::kLabel);
}

TEST_CASE("Wrong types of values are errors, not crashes") {
  for (const char* from : {"\"USD\"", "{ date = \"2024-01-31\" }", "\"loans.csv\"", "\"loan\"",
                           "\"loan_id\"", "{ column = \"balance\", minimum = 0 }"}) {
    for (const char* to : {"1", "[1]", "{}", "\"\"", "{ x = 1 }", "true", "[]", "2024-01-01"}) {
      INFO(from << " -> " << to);
      CHECK(ErrorOf(With(from, to)) != "no error");
    }
  }
}

}  // namespace
}  // namespace recoup::graph
