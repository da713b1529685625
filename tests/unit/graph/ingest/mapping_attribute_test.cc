#include "graph/ingest/mapping_attribute.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph {
namespace {

// One attribute of a loan, and what is wrong with it.
struct Reading {
  AttributeMapping attribute;
  std::string problem;
};

Reading Read(const std::string& text, const MappingDefaults& defaults = {},
             const AttributeOwner& owner = NodeKind::kLoan) {
  const toml::parse_result parsed = toml::parse(text);
  REQUIRE(parsed.succeeded());
  MappingProblem problem;
  KeyReader keys(parsed.table(), "", &problem);
  Reading reading;
  reading.attribute = ReadAttribute(keys, keys.AllKeys().at(0), owner, defaults);
  if (problem.place().has_value()) {
    reading.problem = problem.place()->key + ": " + problem.message();
  }
  return reading;
}

MappingDefaults Dollars() {
  MappingDefaults defaults;
  defaults.currency = *Currency::Parse("USD");
  return defaults;
}

TEST_CASE("The short form of a well-known attribute takes its type from the schema") {
  const Reading reading = Read("balance = \"column_b\"", Dollars());
  CHECK(reading.problem.empty());
  CHECK(reading.attribute.column == "column_b");
  CHECK(reading.attribute.format.type == AttributeType::kMoney);
  CHECK(reading.attribute.format.currency.code() == "USD");
  CHECK(reading.attribute.definition.id != 0);
}

TEST_CASE("The short form of an attribute of one's own lacks a type") {
  CHECK(Read("colour = \"c\"").problem ==
        "colour: needs a type (number, category, flag, text, date or money)");
}

TEST_CASE("An owner's share lies between 0 and 1, whatever the mapping allows") {
  const CellFormat plain = Read("share = \"s\"", {}, EdgeKind::kOwns).attribute.format;
  CHECK(plain.minimum == 0.0);
  CHECK(plain.maximum == 1.0);
  const CellFormat wide =
      Read("share = { column = \"s\", minimum = -5, maximum = 100 }", {}, EdgeKind::kOwns)
          .attribute.format;
  CHECK(wide.minimum == 0.0);
  CHECK(wide.maximum == 1.0);
}

TEST_CASE("Money needs a currency from somewhere") {
  CHECK(Read("balance = \"b\"").problem ==
        "balance: needs a currency or a currency_column, here or at the top");
  CHECK(Read("balance = { column = \"b\", currency_column = \"c\" }").problem.empty());
  CHECK(Read("balance = { column = \"b\", currency = \"EUR\" }", Dollars())
            .attribute.format.currency.code() == "EUR");
}

TEST_CASE("Every unit is a power of ten") {
  const auto shift = [](const std::string& unit) {
    const Reading reading =
        Read("x = { column = \"x\", type = \"number\", unit = \"" + unit + "\" }");
    CHECK(reading.problem.empty());
    return reading.attribute.format.decimal_shift;
  };
  CHECK(shift("one") == 0);
  CHECK(shift("percent") == -2);
  CHECK(shift("basis_point") == -4);
  CHECK(shift("thousand") == 3);
  CHECK(shift("ten_thousand") == 4);
  CHECK(shift("million") == 6);
  CHECK(shift("hundred_million") == 8);
  CHECK(Read("x = { column = \"x\", type = \"number\", unit = \"billion\" }").problem ==
        "x.unit: unknown unit; known are one, percent, basis_point, thousand, ten_thousand, "
        "million, hundred_million");
}

TEST_CASE("A flag reads its words in three spellings as yes and no") {
  MappingDefaults defaults;
  defaults.true_words = {"ja"};
  const auto words =
      Read("x = { column = \"x\", type = \"flag\", false_words = [\"nein\"] }", defaults)
          .attribute.format.words;
  CHECK(words == std::map<std::string, std::string, std::less<>>{{"ja", "yes"},
                                                                 {"JA", "yes"},
                                                                 {"Ja", "yes"},
                                                                 {"nein", "no"},
                                                                 {"NEIN", "no"},
                                                                 {"Nein", "no"}});
}

TEST_CASE("Words of a category and what becomes of others") {
  const Reading reading = Read(
      "x = { column = \"x\", type = \"category\", words = { A = \"first\" }, other_words = "
      "\"null\" }");
  CHECK(reading.problem.empty());
  CHECK(reading.attribute.format.words.at("A") == "first");
  CHECK(reading.attribute.format.other_words == OtherWords::kNull);
  CHECK(Read("x = { column = \"x\", type = \"category\", other_words = \"drop\" }").problem ==
        "x.other_words: must be reject, unknown or null");
}

TEST_CASE("A constant stands instead of a column and must be readable") {
  const Reading reading = Read("x = { value = \"7\", type = \"number\" }");
  CHECK(reading.problem.empty());
  CHECK(reading.attribute.constant == AttributeValue(7.0));
  CHECK(Read("x = { value = \"seven\", type = \"number\" }").problem == "x.value: not a number");
  CHECK(Read("x = { value = \"7\", column = \"c\", type = \"number\" }").problem ==
        "x.value: stands instead of a column; leave one of them out");
}

TEST_CASE("A text is a label unless it says that it is a feature") {
  CHECK(Read("x = { column = \"x\", type = \"text\" }").attribute.definition.role ==
        AttributeRole::kLabel);
  const Reading feature = Read("x = { column = \"x\", type = \"text\", role = \"feature\" }");
  CHECK(feature.problem.empty());
  CHECK(feature.attribute.definition.role == AttributeRole::kFeature);
}

TEST_CASE("A group is a category of a loan") {
  const Reading group = Read("x = { column = \"x\", type = \"category\", role = \"group\" }");
  CHECK(group.problem.empty());
  CHECK(group.attribute.definition.role == AttributeRole::kGroup);
  CHECK(Read("x = { column = \"x\", type = \"flag\", role = \"group\" }").problem.empty());
  const std::string refusal = "x.role: can be group only for a category of a loan";
  for (const char* type : {"number", "text", "date"}) {
    CHECK(Read(std::string("x = { column = \"x\", type = \"") + type + "\", role = \"group\" }")
              .problem == refusal);
  }
  CHECK(Read("x = { column = \"x\", type = \"category\", role = \"group\" }", {}, NodeKind::kParty)
            .problem == refusal);
  CHECK(Read("x = { column = \"x\", type = \"category\", role = \"group\" }", {}, EdgeKind::kPays)
            .problem == refusal);
}

TEST_CASE("A role is one of four, and a well-known attribute keeps its own") {
  CHECK(Read("x = { column = \"x\", type = \"category\", role = \"peer\" }").problem ==
        "x.role: must be feature, forbidden, label or group");
  CHECK(Read("asset_class = { column = \"x\", role = \"group\" }").problem ==
        "asset_class.role: cannot be changed, because this attribute is well-known");
}

TEST_CASE("A known_at alone also says when the value took effect") {
  const AttributeMapping one =
      Read("x = { column = \"x\", type = \"number\", known_at = \"day\" }").attribute;
  CHECK(one.known_at.column == "day");
  CHECK(one.effective_at.column == "day");
  const AttributeMapping both = Read(
                                    "x = { column = \"x\", type = \"number\", known_at = \"day\", "
                                    "effective_at = { date = \"2020-02-29\" } }")
                                    .attribute;
  CHECK(both.effective_at.fixed == *Date::Parse("2020-02-29"));
}

TEST_CASE("A fixed date must exist") {
  CHECK(Read("x = { column = \"x\", type = \"number\", known_at = { date = \"2021-02-29\" } }")
            .problem.starts_with("x.known_at.date: "));
}

TEST_CASE("Names of attributes are short and plain") {
  for (const char* name : {"Big", "1st", "a-b", "_a"}) {
    CHECK(Read(std::string(name) + " = { column = \"x\", type = \"number\" }").problem ==
          std::string(name) + ": an attribute's name is 1 to 64 of a-z, 0-9 and _, a letter first");
  }
  CHECK(Read(std::string(64, 'a') + " = { column = \"x\", type = \"number\" }").problem.empty());
  CHECK_FALSE(
      Read(std::string(65, 'a') + " = { column = \"x\", type = \"number\" }").problem.empty());
}

}  // namespace
}  // namespace recoup::graph
