#include "model/evaluation/ablation.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

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

}  // namespace
}  // namespace recoup::model
