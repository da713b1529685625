#include "model/artifact/artifact_json.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

template <typename T>
void RequireDamaged(const Result<T>& read, const std::string& part) {
  REQUIRE_FALSE(read.has_value());
  INFO(read.error().message);
  CHECK(read.error().code == ErrorCode::kDataLoss);
  CHECK(read.error().message.find(part) != std::string::npos);
}

TEST_CASE("Schema and sampling survive writing and reading") {
  ModelInputs inputs;
  inputs.schema = testing::RandomSchema();
  inputs.sampling.first_hop_limit = 0;
  inputs.sampling.second_hop_limit = 1000;
  const std::string text = WriteFeatures(inputs);
  CHECK((ReadFeatures(text).value() == inputs));
  CHECK(WriteFeatures(ReadFeatures(text).value()) == text);
}

TEST_CASE("Limits of sampling above 1000 are damage") {
  ModelInputs inputs;
  inputs.schema = testing::RandomSchema();
  inputs.sampling.second_hop_limit = 1001;
  RequireDamaged(ReadFeatures(WriteFeatures(inputs)), "at most 1000");
}

TEST_CASE("A calibration survives to the last bit") {
  const Calibration calibration{0.8, 0.1 + 0.2, UINT64_MAX};
  CHECK((ReadCalibration(WriteCalibration(calibration)).value() == calibration));
  const Calibration narrower{0.5, -1.0 / 3.0, 0};
  CHECK((ReadCalibration(WriteCalibration(narrower)).value() == narrower));
}

TEST_CASE("A calibration covers some but not all, and moves no end by more than 1") {
  CHECK(CheckCalibration({0.8, 1.0, 1}).has_value());
  CHECK(CheckCalibration({0.8, -1.0, 1}).has_value());
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  for (const Calibration& bad :
       {Calibration{0.0, 0.0, 1}, Calibration{1.0, 0.0, 1}, Calibration{0.8, 1.01, 1},
        Calibration{0.8, -1.01, 1}, Calibration{0.8, not_a_number, 1},
        Calibration{not_a_number, 0.0, 1}}) {
    RequireDamaged(CheckCalibration(bad), "calibration.json");
  }
}

TEST_CASE("A calibration that lacks a member or has another type is damaged") {
  RequireDamaged(ReadCalibration("{"), "not JSON");
  RequireDamaged(ReadCalibration(R"({"coverage":0.8,"margin":0})"), "is missing");
  RequireDamaged(ReadCalibration(R"({"coverage":"0.8","margin":0,"loans":1})"), "is missing");
  RequireDamaged(ReadCalibration(R"({"coverage":0.8,"margin":0,"loans":-1})"), "is missing");
}

TEST_CASE("Features that are not sampling and schema are damaged") {
  RequireDamaged(ReadFeatures("[]"), "not an object of sampling and schema");
  RequireDamaged(ReadFeatures(R"({"sampling":{}})"), "not an object of sampling and schema");
  RequireDamaged(ReadFeatures(R"({"sampling":[],"schema":{}})"), "two limits");
}

TEST_CASE("A card is any JSON object") {
  CHECK(CheckCard("{}").has_value());
  CHECK(CheckCard(R"({"for":"people"})").has_value());
  RequireDamaged(CheckCard("[]"), "card.json");
  RequireDamaged(CheckCard(R"({"a":1,"a":2})"), "card.json");
}

}  // namespace
}  // namespace recoup::model
