#include "model/learning/ledger.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/unit/model/learning/peer_world.h"

namespace recoup::model {
namespace {

using testing::BitsOf;
using testing::PeerWorld;

// 700 loans in less than four years: two cuts.
const PeerWorld& World() {
  static const PeerWorld world(700, 2);
  return world;
}
Date TheDay() { return PeerWorld::FirstDay().PlusDays(1350); }

LearntEnsemble Learnt(const LoanBook& book) {
  const LearnOptions options{.ensemble = testing::SmallWalk().ensemble, .use_ledger = true};
  return LearntEnsemble::Learn(book, TheDay(), options, nullptr, {}).value();
}

std::string ExpectedBy(const graph::Fact& fact) {
  for (const auto& attribute : std::get<graph::NodeFact>(fact).attributes) {
    if (attribute.name == "expected_by") return std::get<std::string>(attribute.value);
  }
  return {};
}

TEST_CASE("Every loan with an expectation gets an entry, known with its outcome") {
  const LoanBook book = World().Book();
  const LearntEnsemble learnt = Learnt(book);
  const std::map<std::uint32_t, LedgerForecast> forecasts = {{650, {0.5, 0.25, 0.75}}};
  const std::vector<graph::Fact> entries = LedgerEntries(learnt, "v7", forecasts);
  std::size_t next = 0;
  std::size_t without = 0;
  std::map<std::string, std::size_t> by_whom;
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    const float expected = learnt.timeline().expected[loan];
    if (std::isnan(expected)) {
      ++without;
      continue;
    }
    REQUIRE(next < entries.size());
    const Example& example = book.examples[loan];
    const std::string by = ExpectedBy(entries[next]);
    LedgerEntry entry{static_cast<double>(expected), by};
    if (loan == 650) entry.forecast = forecasts.at(650);
    CHECK(entries[next] == ToFact(entry, book.records[loan].key, example.outcome_known_at));
    ++next;
    // The newest cut by the day of the valuation had learnt what was known before it.
    std::string who = "v7, mean of the outcomes known before";
    for (const Date cut : learnt.cuts()) {
      if (cut <= example.as_of) who = "v7, learnt before " + cut.ToString();
    }
    REQUIRE(by == who);
    ++by_whom[who];
  }
  CHECK(next == entries.size());
  CHECK(without > 10);
  CHECK(by_whom.size() == 3);
}

TEST_CASE("What stands in the ledger is left as it is, and is what is expected from then on") {
  PeerWorld world = World();
  const LoanBook book = world.Book();
  std::vector<graph::Fact> entries = LedgerEntries(Learnt(book), "v1", {});
  REQUIRE(entries.size() > 600);
  // Half of it is written, by someone with an opinion of his own.
  for (std::size_t i = 0; i < entries.size(); i += 2) {
    auto& fact = std::get<graph::NodeFact>(entries[i]);
    fact.attributes.front().value = 0.125;
    world.more.push_back(entries[i]);
  }
  const LoanBook half = world.Book();
  const LearntEnsemble again = Learnt(half);
  std::size_t kept = 0;
  for (std::size_t loan = 0; loan < half.size(); ++loan) {
    if (std::isnan(half.expected[loan])) continue;
    CHECK(half.expected[loan] == 0.125F);
    CHECK(again.timeline().expected[loan] == 0.125F);
    ++kept;
  }
  CHECK(kept == world.more.size());
  const std::vector<graph::Fact> rest = LedgerEntries(again, "v1", {});
  CHECK(rest.size() == entries.size() - kept);
  for (std::size_t i = 0; i < rest.size(); ++i) CHECK(rest[i] == entries[2 * i + 1]);
  // With all of it written, there is nothing left to write, and nothing else is expected.
  world.more.insert(world.more.end(), rest.begin(), rest.end());
  const LoanBook whole = world.Book();
  const LearntEnsemble last = Learnt(whole);
  CHECK(LedgerEntries(last, "v2", {}).empty());
  CHECK(BitsOf(last.timeline().expected) == BitsOf(again.timeline().expected));
}

TEST_CASE("A loan that was removed before its outcome was known is not brought back by an entry") {
  PeerWorld world = World();
  const testing::WorldLoan& gone = world.loans[600];
  const Date day = gone.known_at.PlusDays(-1);
  world.more.emplace_back(graph::NodeFact{.node = gone.key,
                                          .operation = graph::FactOperation::kRemove,
                                          .attributes = {},
                                          .dates = {day, day}});
  const LoanBook book = world.Book();
  REQUIRE(book.size() == world.loans.size());
  const LearntEnsemble learnt = Learnt(book);
  std::size_t expected = 0;
  for (const float value : learnt.timeline().expected) expected += std::isnan(value) ? 0 : 1;
  const std::vector<graph::Fact> entries = LedgerEntries(learnt, "v1", {});
  CHECK(entries.size() == expected - 1);
  for (const graph::Fact& entry : entries) {
    REQUIRE_FALSE(std::get<graph::NodeFact>(entry).node == gone.key);
  }
}

TEST_CASE("An entry is no input: the store with its ledger teaches the same base") {
  PeerWorld world = World();
  const LoanBook book = world.Book();
  const LearntEnsemble learnt = Learnt(book);
  world.more = LedgerEntries(learnt, "v1", {{699, {0.5, 0.25, 0.75}}});
  const LoanBook kept = world.Book();
  const LearntEnsemble again = Learnt(kept);
  CHECK(again.fitted().schema == learnt.fitted().schema);
  CHECK(again.ensemble() == learnt.ensemble());
}

}  // namespace
}  // namespace recoup::model
