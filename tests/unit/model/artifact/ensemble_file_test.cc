#include "model/artifact/ensemble_file.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "tests/unit/model/artifact/random_ensemble.h"

namespace recoup::model {
namespace {

// One own column.
FeatureSchema OneColumn() {
  const NumericFeature number{"number", graph::AttributeType::kNumber, {0.0, 1.0}, ""};
  return FeatureSchema({{graph::NodeKind::kLoan, {number}, {}}}, 0.4);
}

// Three own columns: a number, and a category that is missing or unseen.
FeatureSchema Schema() {
  const NumericFeature number{"number", graph::AttributeType::kNumber, {0.0, 1.0}, ""};
  return FeatureSchema({{graph::NodeKind::kLoan, {number}, {{"word", {}}}}}, 0.4);
}

Ensemble Small() { return testing::RandomEnsemble(Schema(), 1); }

void RequireDamaged(std::string_view bytes, const std::string& part) {
  const auto read = ReadEnsemble(bytes, Schema());
  REQUIRE_FALSE(read.has_value());
  INFO(read.error().message);
  CHECK(read.error().code == ErrorCode::kDataLoss);
  CHECK(read.error().message.find("ensemble.bin is damaged: ") == 0);
  CHECK(read.error().message.find(part) != std::string::npos);
}

// Where a section's length stands; the first is section 0.
std::size_t SectionAt(const std::string& bytes, int section) {
  std::size_t at = 8;
  for (; section > 0; --section) {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data() + at, sizeof length);
    at += sizeof length + length;
  }
  return at;
}

template <typename Number>
std::string WithNumber(std::string bytes, std::size_t at, Number number) {
  std::memcpy(bytes.data() + at, &number, sizeof number);
  return bytes;
}

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    hex += "0123456789abcdef"[value >> 4];
    hex += "0123456789abcdef"[value & 15];
  }
  return hex;
}

// The example of docs/formats/model.md.
Ensemble Example() {
  Ensemble ensemble;
  ensemble.own_trees = {FlatTrees::Make(1, 0.25F, {}, {}).value()};
  ensemble.own_ridge = RidgeRegression::FromParts({0.5, {1.0}, {2.0}, {0.125}}).value();
  ensemble.metric = {{0}, {1.0F}};
  ensemble.weights = {1.0, 0.0, 0.0, 0.0, 0.0};
  ensemble.network_weight = 0.25;
  ensemble.calibration = {0.75, 1500, {0.25F, 0.5F}, {{Date(20'000), 0.5F, -0.125F}}};
  ensemble.labels_before = Date(20'000);
  return ensemble;
}

TEST_CASE("The bytes are those of the documentation") {
  const std::string bytes = WriteEnsemble(Example());
  CHECK(Hex(bytes) ==
        "524350454e534d31"  // RCPENSM1
        // no relations of any list
        "0c00000000000000"
        "000000000000000000000000"
        // own trees: one blob of 28 bytes: 1 column, no trees, no nodes, base 0.25, gain share 0
        "2800000000000000"
        "010000001c0000000000000052435054524545310100000000000000000000000000803e00000000"
        // no relational trees
        "0400000000000000"
        "00000000"
        // no nearest trees
        "0400000000000000"
        "00000000"
        // own ridge: 1 column, intercept 0.5, mean 1, scale 2, weight 0.125
        "2400000000000000"
        "01000000000000000000e03f000000000000f03f0000000000000040000000000000c03f"
        // residual ridge: none
        "0c00000000000000"
        "000000000000000000000000"
        // metric: column 0, scale 1
        "0c00000000000000"
        "01000000000000000000803f"
        // credibility: additive, no seeds
        "0500000000000000"
        "0000000000"
        // weights: 1 and four times 0; 0.25 of the network
        "3000000000000000"
        "000000000000f03f0000000000000000000000000000000000000000000000000000000000000000"
        "000000000000d03f"
        // calibration: 0.75, 1500, ends 0.25 and 0.5, one score: day 20000, 0.5, -0.125
        "2400000000000000"
        "000000000000e83fdc0500000000803e0000003f01000000204e00000000003f000000be"
        // labels before: day 20000
        "0400000000000000"
        "204e0000");
  CHECK(ReadEnsemble(bytes, OneColumn()).value() == Example());
}

TEST_CASE("An ensemble survives writing and reading") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const Ensemble ensemble = testing::RandomEnsemble(Schema(), seed);
    const auto read = ReadEnsemble(WriteEnsemble(ensemble), Schema());
    REQUIRE(read.has_value());
    CHECK(*read == ensemble);
  }
}

TEST_CASE("Equal ensembles give equal bytes, and others do not") {
  CHECK(WriteEnsemble(Small()) == WriteEnsemble(Small()));
  Ensemble other = Small();
  other.labels_before = Date(20'002);
  CHECK(WriteEnsemble(other) != WriteEnsemble(Small()));
}

TEST_CASE("Every truncation and every longer file is refused") {
  const std::string bytes = WriteEnsemble(Small());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto read = ReadEnsemble(std::string_view(bytes).substr(0, size), Schema());
    INFO(size);
    REQUIRE_FALSE(read.has_value());
    REQUIRE(read.error().code == ErrorCode::kDataLoss);
  }
  RequireDamaged(bytes + '\0', "bytes after the last section");
}

TEST_CASE("Flipped bits are refused, or give an ensemble that is written as it was read") {
  const std::string whole = WriteEnsemble(Small());
  std::mt19937 random(7);
  std::size_t accepted = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string bytes = whole;
    for (std::size_t flips = 1 + random() % 3; flips-- > 0;) {
      bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
    }
    const auto read = ReadEnsemble(bytes, Schema());
    if (!read) {
      REQUIRE(read.error().code == ErrorCode::kDataLoss);
      continue;
    }
    ++accepted;
    REQUIRE(WriteEnsemble(*read) == bytes);
  }
  CHECK(accepted > 100);  // flips of values go unnoticed here; the manifest's checksum sees them
  CHECK(accepted < 1900);
}

TEST_CASE("Every section says its own name when it is damaged") {
  constexpr const char* kNames[] = {"relations",     "own trees",    "relational trees",
                                    "nearest trees", "own ridge",    "residual ridge",
                                    "metric",        "credibility",  "weights",
                                    "calibration",   "labels_before"};
  const std::string bytes = WriteEnsemble(Small());
  int section = 0;
  for (const char* name : kNames) {
    const std::size_t at = SectionAt(bytes, section++);
    RequireDamaged(WithNumber(bytes, at, std::uint64_t{2}), name);
    RequireDamaged(WithNumber(bytes, at, ~std::uint64_t{0}), name);
  }
}

TEST_CASE("Counts that the section is too short for are refused before anything is allocated") {
  const std::string bytes = WriteEnsemble(Small());
  constexpr std::uint32_t kHuge = 0xffff'ffffU;
  const auto count_at = [&bytes](int section, std::size_t offset) {
    return SectionAt(bytes, section) + sizeof(std::uint64_t) + offset;
  };
  RequireDamaged(WithNumber(bytes, count_at(0, 0), kHuge), "relations");     // texts
  RequireDamaged(WithNumber(bytes, count_at(0, 4), kHuge), "relations");     // bytes of a text
  RequireDamaged(WithNumber(bytes, count_at(1, 0), kHuge), "own trees");     // seeds
  RequireDamaged(WithNumber(bytes, count_at(1, 4), ~0ULL), "own trees");     // bytes of trees
  RequireDamaged(WithNumber(bytes, count_at(4, 0), kHuge), "own ridge");     // columns
  RequireDamaged(WithNumber(bytes, count_at(6, 0), kHuge), "metric");        // columns
  RequireDamaged(WithNumber(bytes, count_at(7, 1), kHuge), "credibility");   // seeds
  RequireDamaged(WithNumber(bytes, count_at(7, 5), ~0ULL), "credibility");   // bytes of tensors
  RequireDamaged(WithNumber(bytes, count_at(9, 20), kHuge), "calibration");  // scores
}

TEST_CASE("Another magic, an unknown variant and unusual tensors are damage") {
  const std::string bytes = WriteEnsemble(Small());
  RequireDamaged("", "RCPENSM1");
  RequireDamaged(WithNumber(bytes, 7, '2'), "RCPENSM1");
  const std::size_t credibility = SectionAt(bytes, 7) + sizeof(std::uint64_t);
  RequireDamaged(WithNumber(bytes, credibility, std::uint8_t{2}), "no such variant: 2");
  // The same tensors to every reader of safetensors, but not the same bytes.
  const std::string ours = R"("dtype":"F32","shape":[2,1])";
  const std::size_t entry = bytes.find(ours, credibility);
  REQUIRE(entry != std::string::npos);
  std::string reordered = bytes;
  reordered.replace(entry, ours.size(), R"("shape":[2,1],"dtype":"F32")");
  RequireDamaged(reordered, "credibility: safetensors: not in the form of our writer");
}

TEST_CASE("Numbers that are not finite are damage wherever they stand") {
  const auto refused = [](auto change) {
    Ensemble ensemble = Small();
    change(ensemble);
    RequireDamaged(WriteEnsemble(ensemble), "");
  };
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  refused([](Ensemble& e) { e.metric.scales[1] = kInfinity; });
  refused([](Ensemble& e) { e.credibility[1].begin()->second.values[1] = kInfinity; });
  refused([](Ensemble& e) { e.weights[2] = std::nan(""); });
  refused([](Ensemble& e) { e.calibration.coverage = std::nan(""); });
  refused([](Ensemble& e) { e.calibration.band_ends[1] = kInfinity; });
  refused([](Ensemble& e) { e.calibration.scores[2].forecast_mean = kInfinity; });
  refused([](Ensemble& e) { e.calibration.scores[2].score = std::nanf(""); });
  const std::string bytes = WriteEnsemble(Small());
  const std::size_t intercept = SectionAt(bytes, 4) + sizeof(std::uint64_t) + 4;
  RequireDamaged(WithNumber(bytes, intercept, std::nan("")), "own ridge");
}

TEST_CASE("An ensemble for other features is refused") {
  const auto read = ReadEnsemble(WriteEnsemble(Small()), OneColumn());
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message.find("must have 1 columns: 3") != std::string::npos);
}

}  // namespace
}  // namespace recoup::model
