#include "graph/ingest/known_facts.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph {
namespace {

Date Day(const char* text) { return *Date::Parse(text); }

NodeFact Bank(const char* name, const char* known_at) {
  return {{NodeKind::kParty, "B1"},
          FactOperation::kUpsert,
          {{"name", std::string(name)}},
          {Day("2020-01-01"), Day(known_at)}};
}

TEST_CASE("A statement is news once, also when it is known later again") {
  KnownFacts known;
  CHECK(known.IsNews(Bank("First", "2020-05-01")));
  CHECK_FALSE(known.IsNews(Bank("First", "2020-05-01")));
  CHECK_FALSE(known.IsNews(Bank("First", "2021-05-01")));
}

TEST_CASE("A statement that turns out to be known earlier is news") {
  KnownFacts known;
  CHECK(known.IsNews(Bank("First", "2020-05-01")));
  CHECK(known.IsNews(Bank("First", "2019-05-01")));
  CHECK_FALSE(known.IsNews(Bank("First", "2019-06-01")));
}

TEST_CASE("Another value, operation or type is another statement") {
  KnownFacts known;
  NodeFact fact = Bank("1", "2020-05-01");
  CHECK(known.IsNews(fact));
  fact.attributes[0].value = 1.0;  // the same text in another type
  CHECK(known.IsNews(fact));
  fact.operation = FactOperation::kRemove;
  CHECK(known.IsNews(fact));
  fact.attributes.clear();
  CHECK(known.IsNews(fact));
}

TEST_CASE("Texts that join to the same whole are told apart") {
  KnownFacts known;
  const FactDates dates{Day("2020-01-01"), Day("2020-01-01")};
  const auto edge = [&](const char* from, const char* to) {
    return EdgeFact{EdgeKind::kOwns,
                    {NodeKind::kParty, from},
                    {NodeKind::kParty, to},
                    FactOperation::kUpsert,
                    {},
                    dates};
  };
  CHECK(known.IsNews(edge("a:party:b", "c")));
  CHECK(known.IsNews(edge("a", "b:party:c")));
  CHECK_FALSE(known.IsNews(edge("a", "b:party:c")));
}

TEST_CASE("An outcome is told apart by its rate and its valuation date") {
  KnownFacts known;
  OutcomeFact outcome{
      {NodeKind::kLoan, "L1"}, 0.5, Day("2020-01-01"), {Day("2021-01-01"), Day("2021-01-01")}};
  CHECK(known.IsNews(outcome));
  CHECK_FALSE(known.IsNews(outcome));
  outcome.recovery_rate = 0.25;
  CHECK(known.IsNews(outcome));
  outcome.valuation_date = Day("2020-01-02");
  CHECK(known.IsNews(outcome));
}

}  // namespace
}  // namespace recoup::graph
