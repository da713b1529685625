#include "model/features/feature_schema.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <utility>
#include <vector>

namespace recoup::model {
namespace {

using graph::AttributeType;
using graph::NodeKind;

FeatureSchema Example() {
  KindFeatures party{NodeKind::kParty, {{"employees", AttributeType::kNumber, {1.0, 3.0}, ""}}, {}};
  KindFeatures loan{NodeKind::kLoan,
                    {{"balance", AttributeType::kMoney, {0.1, 1.0 / 3.0, 1e300}, "EUR"},
                     {"age", AttributeType::kDate, {-5.0, 0.0, 12345.678901234567}, ""}},
                    {{"asset_class", {"\"quoted\"", "caf\xc3\xa9"}}}};
  return FeatureSchema({party, loan}, 0.1 + 0.2);
}

NumericFeature Knots(std::vector<double> knots) {
  return {"x", AttributeType::kNumber, std::move(knots), ""};
}

TEST_CASE("A value between knots is interpolated; one outside stands at the end") {
  const NumericFeature feature = Knots({0.0, 10.0, 30.0});
  CHECK(feature.Scale(-1.0) == -1.0);
  CHECK(feature.Scale(0.0) == -1.0);
  CHECK(feature.Scale(5.0) == -0.5);  // half a step of two
  CHECK(feature.Scale(10.0) == 0.0);
  CHECK(feature.Scale(15.0) == 0.25);  // one step and a quarter of two
  CHECK(feature.Scale(30.0) == 1.0);
  CHECK(feature.Scale(31.0) == 1.0);
}

TEST_CASE("A value that several quantiles share stands in their middle") {
  const NumericFeature feature = Knots({0.0, 0.0, 0.0, 8.0, 16.0});
  CHECK(feature.Scale(0.0) == -0.5);  // knots 0 to 2 of 4: the middle is 1
  CHECK(feature.Scale(4.0) == 0.25);  // 2 and a half of 4
  CHECK(feature.Scale(-0.1) == -1.0);
}

TEST_CASE("A feature with one knot only tells below, at and above") {
  const NumericFeature feature = Knots({7.0});
  CHECK(feature.Scale(6.0) == -1.0);
  CHECK(feature.Scale(7.0) == 0.0);
  CHECK(feature.Scale(8.0) == 1.0);
}

TEST_CASE("Kinds that are left out keep their outcome columns") {
  const FeatureSchema schema = Example();
  CHECK(schema.kinds().size() == 9);
  CHECK(schema.Of(NodeKind::kLoan).numeric_width() == 2 * 2 + 3);
  CHECK(schema.Of(NodeKind::kParty).numeric_width() == 2 * 1 + 4);
  CHECK(schema.Of(NodeKind::kCourt).numeric_width() == 4);
  CHECK(FeatureSchema().Of(NodeKind::kPortfolio).numeric_width() == 4);
  const FeatureSchema texts({{NodeKind::kLoan, {}, {}, {{"b", 32}, {"a", 8}}}}, 0.5);
  CHECK(texts.Of(NodeKind::kLoan).texts[0].attribute == "a");
  CHECK(texts.Of(NodeKind::kLoan).outcome_column() == 40);
  CHECK(texts.Of(NodeKind::kLoan).numeric_width() == 40 + 3);
}

TEST_CASE("Features are ordered by attribute") {
  const FeatureSchema schema = Example();
  CHECK(schema.Of(NodeKind::kLoan).numeric[0].attribute == "age");
}

TEST_CASE("The hash is the SHA-256 of the JSON") {
  // Worked out by Python's json and hashlib from the same schema.
  const FeatureSchema schema({}, 0.5);
  CHECK(schema.ToJson().starts_with(
      R"({"format":1,"kinds":[{"categories":[],"kind":"loan","numeric":[]},{)"));
  CHECK(schema.ToJson().ends_with(R"(],"prior_recovery_rate":0.5})"));
  CHECK(schema.Hash() == "ad2dfb12b4c602988df5465804855251d24a67cf18b83cb76add1d72cfec67d3");
  CHECK(schema.Hash() != Example().Hash());
}

}  // namespace
}  // namespace recoup::model
