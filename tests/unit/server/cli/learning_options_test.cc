#include "server/cli/learning_options.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::cli {
namespace {

Date Day(const char* text) { return Date::Parse(text).value(); }

LearningOptions Cuts(const char* train, const char* validation, const char* test) {
  LearningOptions options;
  options.train_before = train;
  options.validation_before = validation;
  options.test_from = test;
  return options;
}

TEST_CASE("Without dates the split is left to the data", "[cli]") {
  CHECK_FALSE(ToSplitOptions({}).value().dates.has_value());
}

TEST_CASE("Three dates cut the time line", "[cli]") {
  const auto split = ToSplitOptions(Cuts("2010-01-01", "2011-01-01", "2011-07-01"));
  REQUIRE(split.has_value());
  REQUIRE(split->dates.has_value());
  CHECK(split->dates->train_before == Day("2010-01-01"));
  CHECK(split->dates->validation_before == Day("2011-01-01"));
  CHECK(split->dates->test_from == Day("2011-07-01"));
  CHECK_FALSE(split->dates->test_before.has_value());
}

TEST_CASE("One date alone, or dates for a split by component, are refused", "[cli]") {
  CHECK(ToSplitOptions(Cuts("2010-01-01", "", "")).error().code == ErrorCode::kInvalidArgument);
  LearningOptions component = Cuts("2010-01-01", "2011-01-01", "2011-07-01");
  component.split = "component";
  CHECK(ToSplitOptions(component).error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("Learning needs a store that exists", "[cli]") {
  const auto store = OpenForLearning("no-such-folder/store");
  REQUIRE_FALSE(store.has_value());
  CHECK(store.error().code == ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recoup::cli
