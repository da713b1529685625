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

FeatureSchema WithTexts() {
  KindFeatures loan{NodeKind::kLoan, {}, {}, {{"purpose", 32}, {"note", 8}}};
  return FeatureSchema({loan}, 0.5);
}

// The hash of a schema binds a model to its features: those of models without texts must not move.
TEST_CASE("A schema without texts has the bytes that it had before there were any") {
  KindFeatures court{NodeKind::kCourt, {}, {{"court_level", {"high"}}}};
  const std::string json = FeatureSchema({court}, 0.5).ToJson();
  CHECK(json.find("texts") == std::string::npos);
  CHECK(json.starts_with(R"({"format":1,"kinds":[{"categories":[],"kind":"loan","numeric":[]},)"));
  CHECK(json.find(R"({"categories":[{"attribute":"court_level","vocabulary":["high"]}],)"
                  R"("kind":"court","numeric":[]})") != std::string::npos);
  CHECK(FeatureSchema().Hash() ==
        "9e16a2135acddc7c21ea629345a518255e3ad6b22812261976335e13c93df9de");
}

TEST_CASE("A schema with texts comes back, and older programs refuse it") {
  const FeatureSchema schema = WithTexts();
  const std::string json = schema.ToJson();
  CHECK(json.starts_with(R"({"format":2,)"));
  CHECK(json.find(R"("texts":[{"attribute":"note","buckets":8},)"
                  R"({"attribute":"purpose","buckets":32}])") != std::string::npos);
  const auto parsed = FeatureSchema::Parse(json);
  REQUIRE(parsed.has_value());
  CHECK(*parsed == schema);
  CHECK(parsed->ToJson() == json);
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
  CheckRejected(R"({"format":3})", "schema.format");
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

TEST_CASE("Texts that are none are rejected with their place") {
  const auto with = [](int format, const std::string& texts) {
    return R"({"format":)" + std::to_string(format) +
           R"(,"prior_recovery_rate":0,"kinds":[{"kind":"loan","numeric":[],"categories":[],)"
           R"("texts":)" +
           texts + "}]}";
  };
  const std::string note = R"({"attribute":"note","buckets":32})";
  CHECK(FeatureSchema::Parse(with(2, "[" + note + "]")).has_value());
  CheckRejected(with(1, "[" + note + "]"), "schema.format");
  CheckRejected(with(2, "[]"), "schema.format");
  CheckRejected(with(2, "7"), "schema.kinds[0].texts");
  CheckRejected(with(2, "[" + note + "," + note + "]"), "texts[1].attribute");
  for (const char* buckets : {"0", "1025", "-1", "1.5", "\"32\"", "18446744073709551615"}) {
    CheckRejected(with(2, std::string(R"([{"attribute":"note","buckets":)") + buckets + "}]"),
                  "texts[0].buckets");
  }
}

}  // namespace
}  // namespace recoup::model
