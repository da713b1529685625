#include "model/evaluation/scenario.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <string_view>

#include "tests/unit/graph/sampling/graph_builder.h"
#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

constexpr const char* kLender = "out.originated_by.party";

// ISO 3309, bit by bit.
std::uint32_t Crc32(std::string_view text) {
  std::uint32_t crc = ~0U;
  for (const char letter : text) {
    crc ^= static_cast<unsigned char>(letter);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb8'8320U : 0U);
  }
  return ~crc;
}

TEST_CASE("New groups are a relation, a remainder and a divisor") {
  const auto groups = ParseNewGroups("out.originated_by.party:2/5");
  REQUIRE(groups.has_value());
  CHECK(groups->relation == kLender);
  CHECK(groups->remainder == 2);
  CHECK(groups->divisor == 5);
  CHECK_FALSE(groups->are_heard);
  CHECK(ParseNewGroups("group.a:b:0/3")->relation == "group.a:b");
}

TEST_CASE("What does not name new groups is refused with an example") {
  for (const char* text : {"", "out.originated_by.party", ":0/3", "a:0", "a:/3", "a:0/", "a:3/3",
                           "a:0/0", "a:-1/3", "a:0/3x", "a:0.5/3", "a/3:0", "a:0/99999999999"}) {
    INFO(text);
    const auto groups = ParseNewGroups(text);
    REQUIRE_FALSE(groups.has_value());
    CHECK(groups.error().code == ErrorCode::kInvalidArgument);
    CHECK(groups.error().message.find("out.originated_by.party:0/3: " + std::string(text)) !=
          std::string::npos);
  }
}

TEST_CASE("New are the loans of lenders whose name has the remainder") {
  const auto store = testing::MakeLoanWorld(200);
  const auto examples = CollectExamples(*store).value().examples;
  std::size_t expected = 0;
  for (std::uint32_t remainder = 0; remainder < 3; ++remainder) {
    const auto loans = LoansOfNewGroups(*store, examples, {kLender, remainder, 3});
    REQUIRE(loans.has_value());
    std::size_t there = 0;
    for (std::size_t i = 0; i < 200; ++i) {
      const auto loan = store->ViewAsOf(Date::Max())->Find(testing::Loan(i)).value();
      const bool is_new = Crc32("bank" + std::to_string(i % 20)) % 3 == remainder;
      CHECK(loans->contains(loan) == is_new);
      there += is_new ? 1 : 0;
    }
    CHECK(loans->size() == there);
    CHECK(there < 200);
    expected += there;
  }
  CHECK(expected == 200);
}

TEST_CASE("A relation that no loan has is refused") {
  const auto store = testing::MakeLoanWorld(60);
  const auto examples = CollectExamples(*store).value().examples;
  const auto loans = LoansOfNewGroups(*store, examples, {"out.originated_by.court", 0, 3});
  REQUIRE_FALSE(loans.has_value());
  CHECK(loans.error().code == ErrorCode::kInvalidArgument);
  CHECK(loans.error().message.find("out.originated_by.court") != std::string::npos);
  // That none of the known groups is new is no mistake.
  const auto none = LoansOfNewGroups(*store, examples, {kLender, 0, 4'000'000'000U});
  REQUIRE(none.has_value());
  CHECK(none->empty());
}

TEST_CASE("The name of a group ends its id; groups by a word are named by it") {
  graph::GraphBuilder graph;
  for (const auto& [id, state] : {std::pair{"a", "CA"}, std::pair{"b", "TX"}}) {
    graph.Node(graph::NodeKind::kLoan, id, 10, {{"vintage", graph::Category{state}}});
    graph.Edge(graph::EdgeKind::kLocatedIn, {graph::NodeKind::kLoan, id},
               {graph::NodeKind::kRegion, "state:" + std::string(state)}, 10);
    graph.Outcome(id, 0.5, 20, 40);
  }
  graph::FactBatch batch;
  batch.declarations = {{.owner = graph::NodeKind::kLoan,
                         .name = "vintage",
                         .type = graph::AttributeType::kCategory,
                         .role = graph::AttributeRole::kGroup}};
  graph.Apply(batch);
  const auto examples = CollectExamples(graph.store()).value().examples;
  for (const char* relation : {"out.located_in.region.state", "group.vintage"}) {
    INFO(relation);
    // No other name leaves this remainder by 2^32 - 1.
    CHECK(LoansOfNewGroups(graph.store(), examples, {relation, Crc32("TX"), ~0U}).value() ==
          LoanSet{graph.Loan("b")});
  }
}

TEST_CASE("A tie that was not known on the loan's day makes it no newcomer") {
  graph::GraphBuilder graph;
  for (const char* id : {"early", "late"}) {
    graph.Node(graph::NodeKind::kLoan, id, 10);
    graph.Outcome(id, 0.5, 20, 40);
  }
  const graph::NodeKey bank{graph::NodeKind::kParty, "bank"};
  graph.Edge(graph::EdgeKind::kOriginatedBy, {graph::NodeKind::kLoan, "early"}, bank, 20);
  graph.Edge(graph::EdgeKind::kOriginatedBy, {graph::NodeKind::kLoan, "late"}, bank, 21);
  graph.Apply();
  const auto examples = CollectExamples(graph.store()).value().examples;
  CHECK(LoansOfNewGroups(graph.store(), examples, {kLender, 0, 1}).value() ==
        LoanSet{graph.Loan("early")});
}

}  // namespace
}  // namespace recoup::model
