// Of WriteTrees and ReadTrees.
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <string>

#include "tests/unit/model/trees/random_trees.h"

namespace recoup::model {
namespace {

// x0 < 0.5 ? 1 (3 rows) : 2 (1 row), missing left, on the base 0.25; the example of
// docs/formats/trees.md.
FlatTrees Example() {
  auto trees =
      FlatTrees::Make(
          1, 0.25F, {0},
          {{0, 1, 0.5F, 4.0F, true}, {-1, 0, 1.0F, 3.0F, false}, {-1, 0, 2.0F, 1.0F, false}})
          .value();
  trees.set_gain_shares({1.0F});
  return trees;
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

ErrorCode CodeOf(std::string_view bytes) {
  const auto trees = ReadTrees(bytes);
  return trees ? ErrorCode::kUnknown : trees.error().code;
}

void Put(std::string& bytes, std::size_t at, std::uint32_t number) {
  std::memcpy(bytes.data() + at, &number, sizeof number);
}

TEST_CASE("The bytes are those of the documentation") {
  CHECK(Hex(WriteTrees(Example())) ==
        "5243505452454531"          // RCPTREE1
        "01000000"                  // columns
        "01000000"                  // trees
        "03000000"                  // nodes
        "0000803e"                  // base
        "00000000"                  // roots
        "00000000ffffffffffffffff"  // features
        "010000000000000000000000"  // left
        "0000003f0000803f00000040"  // values
        "00008040000040400000803f"  // covers
        "0000803f"                  // gain shares
        "010000");                  // missing_left
}

TEST_CASE("What was written is read again unchanged") {
  CHECK(ReadTrees(WriteTrees(FlatTrees())).value() == FlatTrees());
  CHECK(ReadTrees(WriteTrees(Example())).value() == Example());
  RandomTrees random(3);
  for (int i = 0; i < 50; ++i) {
    const FlatTrees trees =
        random.Trees({1 + random.Below(9), 1 + random.Below(9), random.Below(30)});
    const std::string bytes = WriteTrees(trees);
    const auto again = ReadTrees(bytes);
    REQUIRE(again.has_value());
    CHECK(*again == trees);
    CHECK(WriteTrees(*again) == bytes);
  }
}

TEST_CASE("Every truncation and every longer file is refused") {
  const std::string bytes = WriteTrees(RandomTrees(4).Trees({}));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK(CodeOf(std::string_view(bytes).substr(0, size)) == ErrorCode::kDataLoss);
  }
  CHECK(CodeOf(bytes + '\0') == ErrorCode::kDataLoss);
}

TEST_CASE("Counts that the file is too short for are refused before anything is allocated") {
  for (const std::size_t at : {8, 12, 16}) {
    std::string bytes = WriteTrees(Example());
    Put(bytes, at, 0xffff'ffffU);
    CHECK(CodeOf(bytes) == ErrorCode::kDataLoss);
  }
}

TEST_CASE("Another magic, a bad flag, a bad share and bad nodes are damage") {
  const auto damaged = [](std::size_t at, std::uint32_t number) {
    std::string bytes = WriteTrees(Example());
    Put(bytes, at, number);
    return CodeOf(bytes);
  };
  constexpr std::uint32_t kInfinity = 0x7f80'0000U;
  constexpr std::uint32_t kMinusOne = 0xbf80'0000U;
  CHECK(damaged(4, 0x3245'4552U) == ErrorCode::kDataLoss);
  CHECK(damaged(20, kInfinity) == ErrorCode::kDataLoss);  // base
  CHECK(damaged(28, 1) == ErrorCode::kDataLoss);          // feature
  CHECK(damaged(40, 2) == ErrorCode::kDataLoss);          // left
  CHECK(damaged(52, kInfinity) == ErrorCode::kDataLoss);  // value
  CHECK(damaged(64, kMinusOne) == ErrorCode::kDataLoss);  // cover
  CHECK(damaged(76, kMinusOne) == ErrorCode::kDataLoss);  // share
  CHECK(damaged(76, kInfinity) == ErrorCode::kDataLoss);
  std::string flag = WriteTrees(Example());
  flag[80] = 2;
  CHECK(CodeOf(flag) == ErrorCode::kDataLoss);
}

TEST_CASE("Flipped bits are refused or give trees that can be used") {
  RandomTrees random(5);
  std::size_t read = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = WriteTrees(random.Trees({.columns = 3, .trees = 2, .splits = 5}));
    for (std::size_t flips = 1 + random.Below(3); flips-- > 0;) {
      bytes[random.Below(bytes.size())] ^= static_cast<char>(1U << random.Below(8));
    }
    const auto trees = ReadTrees(bytes);
    if (!trees) continue;
    ++read;
    CHECK(WriteTrees(*trees) == bytes);
    const std::vector<float> row = random.Row(trees->columns());
    std::vector<double> contributions(trees->columns());
    CHECK(std::isfinite(trees->Predict(row)));
    static_cast<void>(trees->Contributions(row, contributions));
  }
  CHECK(read > 100);  // flips of values, thresholds and shares go unnoticed here; a seal sees them
}

}  // namespace
}  // namespace recoup::model
