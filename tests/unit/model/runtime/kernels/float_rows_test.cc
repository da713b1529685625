#include "model/runtime/kernels/float_rows.h"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "model/runtime/kernels/instruction_sets.h"

namespace recoup::model {
namespace {

constexpr std::size_t kSizes[] = {1, 3, 8, 16, 21, 64, 67};

std::vector<float> Draw(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> draw(-2.0F, 2.0F);
  std::vector<float> values(count);
  for (float& value : values) value = draw(random);
  return values;
}

std::vector<std::uint32_t> BitsOf(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
  return bits;
}

// The order of model/runtime/linear.h: one input after the other.
std::vector<float> PlainMap(const FloatMap& map, const std::vector<float>& x, std::size_t count,
                            std::vector<float> y) {
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t i = 0; i < map.in; ++i) {
      for (std::size_t o = 0; o < map.out; ++o) {
        const float product = x[row * map.in + i] * map.weights[i * map.out + o];
        y[row * map.out + o] += product;
      }
    }
  }
  return y;
}

TEST_CASE("Maps give the bytes of the plain loop, on every instruction set") {
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    for (const std::size_t in : kSizes) {
      for (const std::size_t out : kSizes) {
        for (const std::size_t count : {0, 1, 2, 4, 7}) {
          const std::vector<float> weights = Draw(in * out, 1);
          const FloatMap map{in, out, weights.data()};
          const std::vector<float> x = Draw(count * in, 2);
          std::vector<float> y = Draw(count * out, 3);
          const std::vector<float> expected = PlainMap(map, x, count, y);
          AddFloatRows(map, x.data(), count, y.data());
          INFO(set << ": " << in << " to " << out << ", " << count << " rows");
          REQUIRE(BitsOf(y) == BitsOf(expected));
        }
      }
    }
  }
}

TEST_CASE("Means give the bytes of the plain loop, with weights and without") {
  const std::vector<std::uint32_t> children = {4, 0, 4, 2, 3};
  const std::vector<float> shares = {0.3F, 1.0F, 0.7F, 0.0F, 0.9F};
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    for (const std::size_t width : kSizes) {
      for (std::size_t count = 1; count <= children.size(); ++count) {
        for (const float* weights : {static_cast<const float*>(nullptr), shares.data()}) {
          const std::vector<float> rows = Draw(5 * width, 4);
          std::vector<float> expected(width, 0.0F);
          for (std::size_t j = 0; j < count; ++j) {
            for (std::size_t c = 0; c < width; ++c) {
              const float weight = weights == nullptr ? 1.0F : weights[j];
              const float product = weight * rows[children[j] * width + c];
              expected[c] += product;
            }
          }
          const float share = 1.0F / static_cast<float>(count);
          for (float& value : expected) value *= share;
          std::vector<float> mean(width);
          MeanOfChildren({rows.data(), children.data(), weights, count}, width, mean.data());
          INFO(set << ": width " << width << ", " << count << " children");
          REQUIRE(BitsOf(mean) == BitsOf(expected));
        }
      }
    }
  }
}

TEST_CASE("The rectifier keeps what is not a number, and the sign of zero") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    std::vector<float> y(37, -1.0F);
    y[0] = y[36] = nan;
    y[1] = y[35] = -0.0F;
    y[2] = 3.0F;
    RectifyFloats(y.data(), y.size());
    std::vector<float> expected(37, 0.0F);
    expected[0] = expected[36] = nan;
    expected[1] = expected[35] = -0.0F;
    expected[2] = 3.0F;
    INFO(set);
    CHECK(BitsOf(y) == BitsOf(expected));
  }
}

}  // namespace
}  // namespace recoup::model
