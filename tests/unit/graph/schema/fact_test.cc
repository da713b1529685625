#include "graph/schema/fact.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <limits>
#include <string>
#include <utility>

namespace recoup::graph {
namespace {

using Catch::Matchers::ContainsSubstring;

const FactDates kDates{Date(1), Date(2)};

FactBatch BatchOf(Fact fact) {
  return {"",
          0,
          {},
          {NodeFact{{NodeKind::kLoan, "ok"}, FactOperation::kUpsert, {}, kDates}, std::move(fact)}};
}

NodeFact Loan(std::string id, std::vector<NamedAttribute> attributes = {}) {
  return {{NodeKind::kLoan, std::move(id)}, FactOperation::kUpsert, std::move(attributes), kDates};
}

// Returns why the fact is refused, or "" where it is not.
std::string Refusal(Fact fact) {
  const auto checked = CheckBatch(BatchOf(std::move(fact)));
  if (checked) return "";
  CHECK(checked.error().code == ErrorCode::kInvalidArgument);
  CHECK_THAT(checked.error().message, Catch::Matchers::StartsWith("fact 1: "));
  return checked.error().message;
}

TEST_CASE("External ids are 1 to 256 bytes of UTF-8 without control characters") {
  for (const std::string& id :
       {std::string("L-1"), std::string(256, 'x'), std::string("\xe8\xb4\xb7\xe6\xac\xbe"),
        std::string("\xf0\x9f\x8f\xa6"), std::string("a b")}) {
    CHECK(Refusal(Loan(id)) == "");
  }
  for (const std::string& id :
       {std::string(), std::string(257, 'x'), std::string("a\nb"), std::string(1, '\0'),
        std::string("\x7f"), std::string("\xc2\x80"), std::string("\xff"), std::string("\xc0\x80"),
        std::string("\xe0\x80\x80"), std::string("\xed\xa0\x80"), std::string("\xf4\x90\x80\x80"),
        std::string("\xe8\xb4"), std::string("\x80")}) {
    INFO(id);
    CHECK(Refusal(Loan(id)) != "");
  }
}

TEST_CASE("An owner's share is a fraction") {
  const auto owning = [](double share) {
    return Refusal(EdgeFact{EdgeKind::kOwns,
                            {NodeKind::kParty, "owner"},
                            {NodeKind::kParty, "owned"},
                            FactOperation::kUpsert,
                            {{"share", share}},
                            kDates});
  };
  for (const double share : {0.0, 0.25, 1.0}) CHECK(owning(share) == "");
  for (const double share : {-0.01, 1.01, 25.0, std::numeric_limits<double>::quiet_NaN()}) {
    INFO(share);
    CHECK_THAT(owning(share), ContainsSubstring("owns.share: a share is a fraction in [0, 1]"));
  }
}

TEST_CASE("Attributes have proper names, known types and finite numbers, once each") {
  CHECK(Refusal(Loan("L", {{"balance", Money()}, {"my_2nd_score", 1.0}})) == "");
  CHECK_THAT(Refusal(Loan("L", {{"balance", 5.0}})),
             ContainsSubstring("loan.balance is a money, not a number"));
  for (const char* name : {"", "Balance", "2nd", "a-b", "a b", "_a", "\xc3\xa4"}) {
    INFO(name);
    CHECK_THAT(Refusal(Loan("L", {{name, 1.0}})), ContainsSubstring("name"));
  }
  CHECK(Refusal(Loan("L", {{std::string(64, 'a'), 1.0}})) == "");
  CHECK(Refusal(Loan("L", {{std::string(65, 'a'), 1.0}})) != "");
  CHECK(Refusal(Loan("L", {{"a", std::numeric_limits<double>::quiet_NaN()}})) != "");
  CHECK(Refusal(Loan("L", {{"a", std::numeric_limits<double>::infinity()}})) != "");
  CHECK(Refusal(Loan("L", {{"a", std::string("\xff")}})) != "");
  CHECK_THAT(Refusal(Loan("L", {{"a", 1.0}, {"b", 1.0}, {"a", 2.0}})), ContainsSubstring("twice"));
}

TEST_CASE("A removal carries no attributes") {
  NodeFact fact = Loan("L", {{"score", 1.0}});
  fact.operation = FactOperation::kRemove;
  CHECK(Refusal(fact) != "");
  fact.attributes.clear();
  CHECK(Refusal(fact) == "");
}

TEST_CASE("An edge joins what its kind may join") {
  EdgeFact fact{EdgeKind::kBorrows,
                {NodeKind::kParty, "P"},
                {NodeKind::kLoan, "L"},
                FactOperation::kUpsert,
                {},
                kDates};
  CHECK(Refusal(fact) == "");
  std::swap(fact.from, fact.to);
  CHECK_THAT(Refusal(fact), ContainsSubstring("borrows goes from party to loan"));
}

TEST_CASE("An outcome lies in [0, 1] and is not known before its valuation date") {
  OutcomeFact fact{{NodeKind::kLoan, "L"}, 0.5, Date(2), kDates};
  CHECK(Refusal(fact) == "");
  for (const double edge : {0.0, 1.0}) {
    fact.recovery_rate = edge;
    CHECK(Refusal(fact) == "");
  }
  for (const double bad : {-0.01, 1.01, std::numeric_limits<double>::quiet_NaN()}) {
    fact.recovery_rate = bad;
    CHECK(Refusal(fact) != "");
  }
  fact.recovery_rate = 0.5;
  fact.valuation_date = Date(3);
  CHECK_THAT(Refusal(fact), ContainsSubstring("valuation date"));
  fact.valuation_date = Date(2);
  fact.loan.kind = NodeKind::kParty;
  CHECK_THAT(Refusal(fact), ContainsSubstring("only a loan"));
}

TEST_CASE("Dates lie in the years 1 to 9999") {
  NodeFact fact = Loan("L");
  fact.dates.known_at = Date::Max();
  CHECK(Refusal(fact) != "");
  fact.dates.known_at = *Date::Parse("9999-12-31");
  fact.dates.effective_at = *Date::Parse("0001-01-01");
  CHECK(Refusal(fact) == "");
  fact.dates.effective_at = fact.dates.effective_at.PlusDays(-1);
  CHECK(Refusal(fact) != "");
}

TEST_CASE("A declaration must not contradict a well-known attribute") {
  FactBatch batch;
  const auto checked = [&batch](AttributeDefinition declared) {
    batch.declarations = {std::move(declared)};
    return CheckBatch(batch).has_value();
  };
  using enum AttributeType;
  using enum AttributeRole;
  CHECK(checked({0, NodeKind::kLoan, "score", kNumber, kForbidden}));
  CHECK(checked({0, NodeKind::kLoan, "balance", kMoney, kFeature}));
  CHECK_FALSE(checked({0, NodeKind::kLoan, "balance", kNumber, kFeature}));
  CHECK_FALSE(checked({0, NodeKind::kLoan, "balance", kMoney, kForbidden}));
  CHECK_FALSE(checked({0, NodeKind::kParty, "name", kText, kFeature}));
  CHECK(checked({0, NodeKind::kLoan, "remark", kText, kFeature}));
  CHECK(checked({0, NodeKind::kLoan, "remark", kText, kLabel}));
  CHECK_FALSE(checked({0, NodeKind::kLoan, "Remark", kText, kLabel}));
}

TEST_CASE("A group is a category of a loan and nothing else") {
  using enum AttributeType;
  using enum AttributeRole;
  const auto refusal = [](AttributeDefinition declared) {
    FactBatch batch;
    batch.declarations = {std::move(declared)};
    const Result<void> checked = CheckBatch(batch);
    return checked.has_value() ? std::string() : checked.error().message;
  };
  CHECK(refusal({0, NodeKind::kLoan, "vintage", kCategory, kGroup}) == "");
  for (const AttributeType type : {kNumber, kText, kDate, kMoney}) {
    CHECK_THAT(refusal({0, NodeKind::kLoan, "vintage", type, kGroup}),
               ContainsSubstring("a group must be a category of a loan"));
  }
  CHECK(refusal({0, NodeKind::kParty, "vintage", kCategory, kGroup}) != "");
  CHECK(refusal({0, EdgeKind::kBorrows, "vintage", kCategory, kGroup}) != "");
  // What every store knows as a feature does not become a group.
  CHECK(refusal({0, NodeKind::kLoan, "asset_class", kCategory, kGroup}) != "");
  const auto beyond = static_cast<AttributeRole>(5);
  CHECK_THAT(refusal({0, NodeKind::kLoan, "vintage", kCategory, beyond}),
             ContainsSubstring("unknown type or role"));
}

}  // namespace
}  // namespace recoup::graph
