#include "model/evaluation/learning_part.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

const NewGroups kNewLenders{"out.originated_by.party", 0, 3};

/// 20 lenders, and what a split makes of their loans.
struct World {
  explicit World(std::size_t loans, const ScenarioOptions& scenario = {},
                 const SplitOptions& split = {})
      : store(testing::MakeLoanWorld(loans)),
        data(PrepareData(*store, split, {}, {}, scenario).value()),
        book(ReadLoanBook(*store, data.example_options()).value()) {}

  std::unique_ptr<graph::GraphStore> store;
  PreparedData data;
  LoanBook book;
};

TEST_CASE("Examples are found in the book wherever they stand") {
  const World world = World(100);
  const LoanBook& book = world.book;
  const std::vector<Example> asked = {book.examples[40], book.examples[3], book.examples[99]};
  CHECK(PositionsIn(book, asked) == std::vector<std::uint32_t>{40, 3, 99});
}

TEST_CASE("Learning ends where training does") {
  CHECK(LearnBefore(World(200).data) == testing::ValuedOn(120).PlusDays(180));
  const World mixed = World(200, {}, {.kind = SplitKind::kByComponent});
  Date last = Date::Min();
  for (const Example& example : mixed.data.training) {
    last = std::max(last, example.outcome_known_at);
  }
  CHECK(LearnBefore(mixed.data) == last.PlusDays(1));
}

std::size_t Flags(const std::vector<char>& flags) {
  return static_cast<std::size_t>(std::count(flags.begin(), flags.end(), 1));
}

TEST_CASE("A split by date keeps nothing apart: what is known is known") {
  const World world = World(200);
  LearnOptions options;
  KeepApart(world.data, world.book, &options);
  CHECK(options.silent.empty());
  CHECK(options.not_learnt.empty());
}

TEST_CASE("A split by component silences all but training") {
  const World world = World(200, {}, {.kind = SplitKind::kByComponent});
  const LoanBook& book = world.book;
  LearnOptions options;
  KeepApart(world.data, book, &options);
  CHECK(options.not_learnt.empty());
  CHECK(Flags(options.silent) == 200 - world.data.training.size());
  for (const std::uint32_t loan : PositionsIn(book, world.data.training)) {
    REQUIRE(options.silent[loan] == 0);
  }
}

TEST_CASE("New groups are silent, or speak without being learnt from if they are heard") {
  ScenarioOptions scenario{.new_groups = kNewLenders};
  for (const bool heard : {false, true}) {
    scenario.new_groups->are_heard = heard;
    const World world = World(200, scenario);
    const LoanBook& book = world.book;
    LearnOptions options;
    KeepApart(world.data, book, &options);
    const std::vector<char>& flags = heard ? options.not_learnt : options.silent;
    CHECK((heard ? options.silent : options.not_learnt).empty());
    REQUIRE(flags.size() == 200);
    // Banks 8, 14 and 18 of the 20 leave 0.
    CHECK(Flags(flags) == 30);
    for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
      const std::size_t bank = std::stoul(book.records[loan].key.external_id.substr(1)) % 20;
      REQUIRE((flags[loan] != 0) == (bank == 8 || bank == 14 || bank == 18));
    }
  }
}

}  // namespace
}  // namespace recoup::model
