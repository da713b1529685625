#include "model/features/kind_plan.h"

#include <catch2/catch_test_macros.hpp>
#include <span>
#include <string>
#include <vector>

#include "model/features/text_ngrams.h"

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

TEST_CASE("The buckets of a text stand between the numbers and the outcome columns") {
  std::vector<AttributeDefinition> attributes = kAttributes;
  attributes.push_back(
      {1004, NodeKind::kLoan, "note", AttributeType::kText, AttributeRole::kFeature});
  attributes.push_back(
      {1005, NodeKind::kLoan, "purpose", AttributeType::kText, AttributeRole::kFeature});
  const KindPlan plan({NodeKind::kLoan,
                       {{"score", AttributeType::kNumber, {0.0, 4.0}, ""}},
                       {},
                       {{"note", 4}, {"purpose", 8}}},
                      attributes);
  CHECK(plan.outcome_column() == 2 + 4 + 8);
  CHECK(plan.numeric_width() == 2 + 4 + 8 + 3);
  std::vector<float> expected(17, 0.0F);
  expected[0] = 0.5F;
  WriteTextBuckets("shop", std::span(expected).subspan(6, 8));
  std::vector<float> numeric(17, 9.0F);
  plan.Write({{1003, 3.0}, {1004, std::string()}, {1005, std::string("shop")}}, Date(0),
             numeric.data(), nullptr);
  CHECK(numeric == expected);
  // Missing, or of another type: all 0.
  expected.assign(17, 0.0F);
  expected[1] = 1.0F;
  plan.Write({{1005, Category{"shop"}}}, Date(0), numeric.data(), nullptr);
  CHECK(numeric == expected);
}

}  // namespace
}  // namespace recoup::model
