#include "model/evaluation/segment_labels.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using graph::AttributeValue;
using graph::NamedAttribute;

Money Yuan(std::int64_t amount) { return {amount * 100, Currency::Parse("CNY").value()}; }

/// Adds what became known of loan i on this day.
void Tell(graph::GraphStore& store, std::size_t i, std::vector<NamedAttribute> attributes,
          Date day) {
  graph::FactBatch batch;
  batch.facts = {graph::NodeFact{
      .node = testing::Loan(i), .attributes = std::move(attributes), .dates = {day, day}}};
  REQUIRE(store.Apply(batch).has_value());
}

std::vector<Example> FirstLoans(const graph::GraphStore& store, std::size_t count) {
  const auto view = store.ViewAsOf(Date::Max());
  std::vector<Example> loans;
  for (std::size_t i = 0; i < count; ++i) {
    loans.push_back({view->Find(testing::Loan(i)).value(), testing::ValuedOn(i), Date::Max(), 0.5});
  }
  return loans;
}

const SegmentLabels& By(const std::vector<SegmentLabels>& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const SegmentLabels& labels) { return labels.by == name; });
  REQUIRE(found != all.end());
  return *found;
}

TEST_CASE("Loans are divided by words as of their valuation day, not by what came later") {
  const auto store = testing::MakeLoanWorld(10);
  Tell(*store, 0, {{"colour", graph::Category{"green"}}}, testing::ValuedOn(0));
  Tell(*store, 1, {{"colour", graph::Category{"green"}}}, testing::ValuedOn(1).PlusDays(1));
  const auto all = LabelSegments(*store, FirstLoans(*store, 2), std::vector<std::string>{"colour"});
  REQUIRE(all.has_value());
  CHECK(By(*all, "colour").of_loan[0] == "green");
  CHECK(By(*all, "colour").of_loan[1] == (testing::Draw(4, 1) > 0.5 ? "red" : "blue"));
}

TEST_CASE("Thirds of the exposure hold equal counts; what is missing says so") {
  const auto store = testing::MakeLoanWorld(8);
  const Date day = testing::ValuedOn(0).PlusDays(-10);
  for (std::size_t i = 0; i < 6; ++i) {
    Tell(*store, i, {{"exposure_at_default", Yuan(60 - static_cast<std::int64_t>(i) * 10)}}, day);
  }
  Tell(*store, 6, {{"exposure_at_default", Money(100, Currency::Parse("USD").value())}}, day);
  const auto all = LabelSegments(*store, FirstLoans(*store, 8), {});
  REQUIRE(all.has_value());
  CHECK(By(*all, "size").of_loan == std::vector<std::string>{"largest third", "largest third",
                                                             "middle third", "middle third",
                                                             "smallest third", "smallest third",
                                                             "(another currency)", "(missing)"});
}

TEST_CASE("Years are those of valuation and, where it differs, of default") {
  const auto store = testing::MakeLoanWorld(130);  // loan 122 is valued in 2006
  const std::vector<Example> loans = FirstLoans(*store, 130);
  Tell(*store, 0, {{"default_date", testing::Day("2003-05-01")}},
       testing::ValuedOn(0).PlusDays(-10));
  const auto all = LabelSegments(*store, loans, {});
  REQUIRE(all.has_value());
  CHECK(By(*all, "valuation year").of_loan[0] == "2005");
  CHECK(By(*all, "valuation year").of_loan[129] == "2006");
  CHECK(By(*all, "default year").of_loan[0] == "2003");
  CHECK(By(*all, "default year").of_loan[1] == "(missing)");
}

TEST_CASE("The year of default is left out where it says nothing new") {
  const auto store = testing::MakeLoanWorld(1);
  Tell(*store, 0, {{"default_date", testing::Day("2005-01-01")}},
       testing::ValuedOn(0).PlusDays(-10));
  const auto all = LabelSegments(*store, FirstLoans(*store, 1), {});
  REQUIRE(all.has_value());
  CHECK(all->size() == 2);  // size and valuation year
}

TEST_CASE("A name that is no category of the loan is refused") {
  const auto store = testing::MakeLoanWorld(10);
  for (const char* name : {"size", "no_such_thing"}) {
    const auto all = LabelSegments(*store, {}, std::vector<std::string>{name});
    REQUIRE_FALSE(all.has_value());
    CHECK(all.error().code == ErrorCode::kInvalidArgument);
  }
}

TEST_CASE("Categories of many words are not taken to divide by") {
  const auto store = testing::MakeLoanWorld(300);
  const auto schema =
      FitFeatureSchema(*store, CollectExamples(*store).value().examples, {}).value();
  CHECK(CategoriesToDivideBy(schema) == std::vector<std::string>{"colour"});
  CHECK(CategoriesToDivideBy(schema, 1).empty());
}

}  // namespace
}  // namespace recoup::model
