#include "model/runtime/kernels/nearest_blocks.h"

#include <array>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "model/runtime/kernels/aligned_vector.h"
#include "model/runtime/kernels/instruction_sets.h"

namespace recoup::model {
namespace {

constexpr float kAny = std::numeric_limits<float>::infinity();

// Sixteen rows as rows and as a block; every product has to be rounded.
struct Rows {
  Rows(std::size_t width, std::mt19937& random) : rows(kBlockRows * width), block(rows.size()) {
    std::uniform_real_distribution<float> draw(-3.0F, 3.0F);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i] = draw(random);
      block[i % width * kBlockRows + i / width] = rows[i];
    }
  }

  std::vector<float> rows;
  AlignedVector<float> block;
};

std::vector<float> Query(std::size_t width, std::mt19937& random) {
  std::uniform_real_distribution<float> draw(-3.0F, 3.0F);
  std::vector<float> query(width);
  for (float& value : query) value = draw(random);
  return query;
}

TEST_CASE("The distance of a row is four sums of its columns, added in pairs") {
  // 1 + 25, 4, 9, 16: the fifth column goes into the first sum.
  const std::vector<float> row = {1.0F, 2.0F, 3.0F, 4.0F, 5.0F};
  CHECK(SquaredDistance(std::vector<float>(5), row.data()) == 55.0F);
  // In plain order the small ones would be lost: 2^24 + 1 is no float.
  const std::vector<float> uneven = {4096.0F, 1.0F, 1.0F, 0.0F};
  CHECK(SquaredDistance(std::vector<float>(4), uneven.data()) == (16777216.0F + 1.0F) + 1.0F);
  const std::vector<float> paired = {4096.0F, 0.0F, 1.0F, 1.0F};
  CHECK(SquaredDistance(std::vector<float>(4), paired.data()) == 16777218.0F);
}

TEST_CASE("Rows in a block are as far as alone, to the last bit, on every instruction set") {
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    std::mt19937 random(3);
    for (std::size_t width = 1; width <= 50; ++width) {
      const Rows rows(width, random);
      const std::vector<float> query = Query(width, random);
      alignas(kCacheLine) std::array<float, kBlockRows> distances;
      INFO(set << ", " << width << " columns");
      REQUIRE(BlockDistances(query, {rows.block.data()}, kAny, distances.data()) == 0xffff);
      for (std::size_t i = 0; i < kBlockRows; ++i) {
        REQUIRE(std::bit_cast<std::uint32_t>(distances[i]) ==
                std::bit_cast<std::uint32_t>(SquaredDistance(query, rows.rows.data() + i * width)));
      }
      // With a limit, those within it are as before, the limit's own row included.
      const std::array<float, kBlockRows> all = distances;
      const float limit = all[width % kBlockRows];
      const std::uint32_t within =
          BlockDistances(query, {rows.block.data()}, limit, distances.data());
      for (std::size_t i = 0; i < kBlockRows; ++i) {
        REQUIRE(((within >> i & 1U) != 0) == (all[i] <= limit));
        if (all[i] <= limit) REQUIRE(distances[i] == all[i]);
      }
    }
  }
}

TEST_CASE("No row is nearer than its box, however it rounds, on every instruction set") {
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    std::mt19937 random(4);
    for (int world = 0; world < 200; ++world) {
      const std::size_t width = 1 + random() % 20;
      AlignedVector<float> low(kBlockRows * width, kAny);
      AlignedVector<float> high(kBlockRows * width, -kAny);
      std::vector<Rows> inside;
      for (std::size_t box = 0; box < kBlockRows; ++box) {
        const Rows& rows = inside.emplace_back(width, random);
        for (std::size_t i = 0; i < rows.rows.size(); ++i) {
          const std::size_t at = i % width * kBlockRows + box;
          low[at] = std::min(low[at], rows.rows[i]);
          high[at] = std::max(high[at], rows.rows[i]);
        }
      }
      const std::vector<float> query = Query(width, random);
      alignas(kCacheLine) std::array<float, kBlockRows> bounds;
      const float limit = 2.0F;
      const std::uint32_t within =
          BoxDistances(query, {low.data(), high.data()}, limit, bounds.data());
      for (std::size_t box = 0; box < kBlockRows; ++box) {
        INFO(set << ", world " << world << ", box " << box);
        REQUIRE(((within >> box & 1U) != 0) == (bounds[box] <= limit));
        for (std::size_t i = 0; i < kBlockRows; ++i) {
          REQUIRE(bounds[box] <= SquaredDistance(query, inside[box].rows.data() + i * width));
        }
      }
    }
  }
}

}  // namespace
}  // namespace recoup::model
