#include "model/evaluation/ablation.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>
#include <vector>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

TEST_CASE("Without surroundings nothing is left but the loan's own row") {
  EncodedNeighbourhood input;
  KindRows& loans = input.Of(graph::NodeKind::kLoan);
  loans = {.rows = 2, .inner_rows = 1, .numeric = {1, 2, 3, 4, 5, 6}, .categories = {7, 8}};
  input.Of(graph::NodeKind::kParty) = {
      .rows = 1, .inner_rows = 1, .numeric = {9}, .categories = {}};
  input.relations.resize(2);
  const EncodedNeighbourhood alone = WithoutSurroundings(input);
  CHECK(alone.seeds == 1);
  CHECK(alone.relations.empty());
  CHECK(alone.Of(graph::NodeKind::kParty) == KindRows{});
  CHECK(alone.Of(graph::NodeKind::kLoan) ==
        KindRows{.rows = 1, .inner_rows = 1, .numeric = {1, 2, 3}, .categories = {7}});
}

TEST_CASE("Surroundings are permuted within the year of the outcome") {
  std::vector<Example> examples;
  for (std::uint64_t i = 0; i < 90; ++i) {
    examples.push_back(testing::KnownOn(i % 3 == 0 ? "2007-02-01" : "2008-11-30", i));
  }
  const std::vector<std::uint32_t> shuffled = ShuffledSurroundings(examples, 1);
  std::size_t moved = 0;
  for (std::uint32_t i = 0; i < shuffled.size(); ++i) {
    CHECK((shuffled[i] % 3 == 0) == (i % 3 == 0));
    moved += shuffled[i] != i;
  }
  CHECK(moved > 80);
  std::vector<std::uint32_t> sorted = shuffled;
  std::sort(sorted.begin(), sorted.end());
  CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
  CHECK(shuffled == ShuffledSurroundings(examples, 1));
  CHECK(shuffled != ShuffledSurroundings(examples, 2));
}

TEST_CASE("Shuffled edges are those of another loan of the same outcome year") {
  const LoanBook book = ReadLoanBook(*testing::MakeLoanWorld(400)).value();
  const LoanBook shuffled = WithShuffledEdges(book, 1);
  REQUIRE(shuffled.size() == book.size());
  CHECK(shuffled.examples == book.examples);
  CHECK(shuffled.records == book.records);
  const auto edges_by_year = [](const LoanBook& of) {
    std::map<int, std::multiset<std::vector<GroupCatalog::Member>>> years;
    for (std::size_t loan = 0; loan < of.size(); ++loan) {
      const auto members = of.MembersOf(loan);
      years[of.examples[loan].outcome_known_at.year()].emplace(members.begin(), members.end());
    }
    return years;
  };
  CHECK(edges_by_year(book).size() > 3);
  CHECK(edges_by_year(shuffled) == edges_by_year(book));
  std::size_t moved = 0;
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    moved += std::ranges::equal(shuffled.MembersOf(loan), book.MembersOf(loan)) ? 0 : 1;
  }
  CHECK(moved > 380);
  CHECK(WithShuffledEdges(book, 1).members == shuffled.members);
  CHECK_FALSE(WithShuffledEdges(book, 2).members == shuffled.members);
}

}  // namespace
}  // namespace recoup::model
