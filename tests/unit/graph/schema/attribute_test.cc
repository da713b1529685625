#include "graph/schema/attribute.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <set>
#include <string>
#include <utility>

namespace recoup::graph {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("Every type comes back from its name") {
  for (int number = 1; number <= 5; ++number) {
    const auto type = static_cast<AttributeType>(number);
    CHECK(*ParseAttributeType(AttributeTypeName(type)) == type);
  }
  CHECK_THAT(ParseAttributeType("").error().message, ContainsSubstring("number, category"));
}

TEST_CASE("Well-known attributes ascend by id and differ by owner and name") {
  std::set<std::pair<AttributeOwner, std::string>> names;
  AttributeId last = 0;
  for (const AttributeDefinition& definition : WellKnownAttributes()) {
    CHECK(definition.id > last);
    CHECK(definition.id < kFirstExtensionAttribute);
    last = definition.id;
    CHECK(names.emplace(definition.owner, definition.name).second);
    CHECK(*FindWellKnownAttribute(definition.owner, definition.name) == definition);
    if (definition.type == AttributeType::kText) CHECK(definition.role == AttributeRole::kLabel);
  }
  CHECK(FindWellKnownAttribute(NodeKind::kLoan, "balance")->id == attribute::kLoanBalance);
  CHECK(FindWellKnownAttribute(EdgeKind::kSecures, "lien_rank")->id == attribute::kSecuresLienRank);
  CHECK_FALSE(FindWellKnownAttribute(NodeKind::kParty, "balance").has_value());
}

TEST_CASE("The residual ledger is of loans and never a model's input") {
  const auto expected = FindWellKnownAttribute(NodeKind::kLoan, "expected_recovery");
  const auto by = FindWellKnownAttribute(NodeKind::kLoan, "expected_by");
  REQUIRE((expected.has_value() && by.has_value()));
  CHECK(expected->id == attribute::kLoanExpectedRecovery);
  CHECK(expected->type == AttributeType::kNumber);
  CHECK(expected->role == AttributeRole::kLabel);
  CHECK(by->id == attribute::kLoanExpectedBy);
  CHECK(by->type == AttributeType::kText);
  CHECK(by->role == AttributeRole::kLabel);
}

TEST_CASE("Values print as people write them") {
  CHECK(ToString(AttributeValue(0.1)) == "0.1");
  CHECK(ToString(AttributeValue(1e300)) == "1e+300");
  CHECK(ToString(AttributeValue(Category{"sme"})) == "sme");
  CHECK(ToString(AttributeValue(std::string("text"))) == "text");
  CHECK(ToString(AttributeValue(Date(0))) == "1970-01-01");
  CHECK(ToString(AttributeValue(Money(5, *Currency::Parse("USD")))) == "0.05 USD");
}

}  // namespace
}  // namespace recoup::graph
