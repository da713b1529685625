#include "model/features/kind_plan.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace recoup::model {
namespace {

using graph::AttributeDefinition;
using graph::AttributeRole;
using graph::AttributeType;
using graph::Category;
using graph::NodeKind;

const std::vector<AttributeDefinition> kAttributes = {
    {7, NodeKind::kLoan, "class", AttributeType::kCategory, AttributeRole::kFeature},
    {100, NodeKind::kParty, "score", AttributeType::kNumber, AttributeRole::kFeature},
    {1003, NodeKind::kLoan, "score", AttributeType::kNumber, AttributeRole::kFeature}};

KindPlan LoanPlan() {
  return KindPlan({NodeKind::kLoan,
                   {{"score", AttributeType::kNumber, {0.0, 4.0}, ""}},
                   {{"class", {"a", "b"}}}},
                  kAttributes);
}

TEST_CASE("A plan has two columns a number and the outcome columns, and a column a category") {
  const KindPlan plan = LoanPlan();
  CHECK(plan.numeric_width() == 2 + 3);
  CHECK(plan.outcome_column() == 2);
  CHECK(plan.category_width() == 1);
}

TEST_CASE("Values land in their columns; what was in the row before is overwritten") {
  std::vector<float> numeric(5, 9.0F);
  std::vector<std::int32_t> categories(1, 9);
  LoanPlan().Write({{7, Category{"b"}}, {1003, 3.0}}, Date(0), numeric.data(), categories.data());
  CHECK(numeric == std::vector<float>{0.5F, 0.0F, 0.0F, 0.0F, 0.0F});
  CHECK(categories == std::vector<std::int32_t>{3});
}

TEST_CASE("Attributes of other kinds, of another type or beyond the last id are passed over") {
  std::vector<float> numeric(5, 9.0F);
  std::vector<std::int32_t> categories(1, 9);
  LoanPlan().Write({{7, 1.0}, {100, 3.0}, {1003, Category{"a"}}, {2000, 3.0}}, Date(0),
                   numeric.data(), categories.data());
  CHECK(numeric == std::vector<float>{0.0F, 1.0F, 0.0F, 0.0F, 0.0F});
  CHECK(categories == std::vector<std::int32_t>{0});
}

}  // namespace
}  // namespace recoup::model
