// The vocabulary: names, numbers and rules that stored data depends on.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <set>
#include <string>
#include <utility>

#include "graph/schema/attribute.h"
#include "graph/schema/edge_kind.h"
#include "graph/schema/node_kind.h"

namespace recoup::graph {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("Every kind comes back from its name") {
  for (const NodeKind kind : kAllNodeKinds) CHECK(*ParseNodeKind(NodeKindName(kind)) == kind);
  for (const EdgeKind kind : kAllEdgeKinds) CHECK(*ParseEdgeKind(EdgeKindName(kind)) == kind);
  for (int number = 1; number <= 5; ++number) {
    const auto type = static_cast<AttributeType>(number);
    CHECK(*ParseAttributeType(AttributeTypeName(type)) == type);
  }
}

TEST_CASE("An unknown name is refused with the known ones") {
  CHECK_THAT(ParseNodeKind("lone").error().message, ContainsSubstring("loan, party"));
  CHECK_THAT(ParseEdgeKind("borrow").error().message, ContainsSubstring("borrows, co_borrows"));
  CHECK_THAT(ParseAttributeType("").error().message, ContainsSubstring("number, category"));
}

TEST_CASE("Edges join the kinds that the vocabulary says and no others") {
  CHECK(CheckEndpoints(EdgeKind::kBorrows, NodeKind::kParty, NodeKind::kLoan).has_value());
  CHECK(CheckEndpoints(EdgeKind::kGuarantees, NodeKind::kParty, NodeKind::kParty).has_value());
  CHECK(CheckEndpoints(EdgeKind::kLocatedIn, NodeKind::kRegion, NodeKind::kRegion).has_value());
  const auto turned = CheckEndpoints(EdgeKind::kBorrows, NodeKind::kLoan, NodeKind::kParty);
  REQUIRE_FALSE(turned.has_value());
  CHECK(turned.error().code == ErrorCode::kInvalidArgument);
  CHECK_THAT(turned.error().message, ContainsSubstring("from party to loan"));
  CHECK_FALSE(CheckEndpoints(static_cast<EdgeKind>(0), NodeKind::kParty, NodeKind::kLoan));
  CHECK_FALSE(CheckEndpoints(static_cast<EdgeKind>(99), NodeKind::kParty, NodeKind::kLoan));
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
