#include <catch2/catch_test_macros.hpp>
#include <string>

#include "model/features/feature_schema.h"

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

TEST_CASE("JSON brings back the same schema to the last bit") {
  const FeatureSchema schema = Example();
  const auto parsed = FeatureSchema::Parse(schema.ToJson());
  REQUIRE(parsed.has_value());
  CHECK(*parsed == schema);
  CHECK(parsed->ToJson() == schema.ToJson());
  CHECK(parsed->Hash() == schema.Hash());
}

void CheckRejected(const std::string& json, const std::string& part_of_message) {
  const auto parsed = FeatureSchema::Parse(json);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().code == ErrorCode::kInvalidArgument);
  INFO(parsed.error().message);
  CHECK(parsed.error().message.find(part_of_message) != std::string::npos);
}

std::string WithNumeric(const std::string& numeric) {
  return R"({"format":1,"prior_recovery_rate":0.5,"kinds":[{"kind":"loan","categories":[],)"
         R"("numeric":[)" +
         numeric + "]}]}";
}

TEST_CASE("What is not a schema is rejected with its place") {
  CheckRejected("", "not JSON");
  CheckRejected("[]", "schema is not an object");
  CheckRejected("{}", "schema lacks format");
  CheckRejected(R"({"format":2})", "schema.format");
  CheckRejected(R"({"format":1,"kinds":[{"kind":"ship"}],"prior_recovery_rate":0})", "ship");
  CheckRejected(R"({"format":1,"kinds":[]})", "prior_recovery_rate");
  CheckRejected(WithNumeric(R"({"attribute":"a","currency":"","type":"number","knots":[]})"),
                "schema.kinds[0].numeric[0].knots");
  CheckRejected(WithNumeric(R"({"attribute":"a","currency":"","type":"number","knots":[2,1]})"),
                "ascending");
  CheckRejected(WithNumeric(R"({"attribute":"a","currency":"","type":"number","knots":["1"]})"),
                "knots[0] is not a number");
  CheckRejected(WithNumeric(R"({"attribute":"a","currency":"","type":"text","knots":[1]})"),
                ".type");
  CheckRejected(R"({"format":1,"prior_recovery_rate":0,"kinds":[{"kind":"loan","numeric":[],)"
                R"("categories":[{"attribute":"c","vocabulary":["b","a"]}]}]})",
                "vocabulary[1]");
}

}  // namespace
}  // namespace recoup::model
