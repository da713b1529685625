#include "model/quantization/quantize_linear.h"

#include <algorithm>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tests/arm64/drawn_numbers.h"

namespace recoup::model {
namespace {

using testing::DrawnNumbers;
using Values = std::vector<std::int8_t>;

std::vector<double> Ones(std::size_t count) { return std::vector<double>(count, 1.0); }

// What a value of the map stands for.
double Meant(const QuantizedLinear& map, std::size_t o, std::size_t i) {
  return static_cast<double>(map.scales[i / map.group * map.out + o]) * map.values[o * map.in + i];
}

// The largest weight is 127 / 128, so the scale is 1 / 128. In its units the others are 64.5 and
// 65.5, which go to the even 64 and 66, and -1.28, which goes to -1.
TEST_CASE(
    "In 8 bits the largest weight becomes 127 and the others go to the nearest, ties to even") {
  const std::vector<float> weights = {0x1.FCp-1F, 64.5F / 128.0F, 65.5F / 128.0F, -0.01F};
  const QuantizedLinear map = QuantizeLinear(weights, 4, 0, Ones(4), 8);
  CHECK(map.bits == 8);
  CHECK(map.in == 4);
  CHECK(map.out == 1);
  CHECK(map.scales == std::vector<float>{0x1p-7F});
  CHECK(map.values == Values{127, 64, 66, -1});
}

// Times its input's step the row is 127 / 128, 32 / 128, 3 / 128.
TEST_CASE("Weights are taken times the steps of their inputs") {
  const std::vector<float> weights = {0x1.FCp-1F, 1.0F, 6.0F / 128.0F};
  const double steps[] = {1.0, 0.25, 0.5};
  const QuantizedLinear map = QuantizeLinear(weights, 3, 0, steps, 8);
  CHECK(map.values == Values{127, 32, 3});
  CHECK(map.group == 4);
}

// Rows of five, of which columns 2 and 3 are the map.
TEST_CASE("A map is cut out of the columns it stands in, with a scale an output") {
  const std::vector<float> weights = {9, 9, 127, 1, 9, 9, 9, -2, 254, 9};
  const QuantizedLinear map = QuantizeLinear(weights, 5, 2, Ones(2), 8);
  CHECK(map.out == 2);
  CHECK(map.scales == std::vector<float>{1.0F, 2.0F});
  CHECK(map.values == Values{127, 1, -1, 127});
}

TEST_CASE("A row of zeros has the scale 0") {
  for (const int bits : {8, 4}) {
    const QuantizedLinear map = QuantizeLinear(std::vector<float>(20, 0.0F), 20, 0, Ones(20), bits);
    CHECK(std::all_of(map.scales.begin(), map.scales.end(), [](float s) { return s == 0.0F; }));
    CHECK(map.values == Values(20, 0));
  }
}

TEST_CASE("In 8 bits every weight is within half a scale of what it was") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    DrawnNumbers draw(seed);
    const std::size_t in = 1 + draw.Below(70);
    const std::vector<float> weights = draw.Floats(9 * in, 0.5F);
    const QuantizedLinear map = QuantizeLinear(weights, in, 0, Ones(in), 8);
    REQUIRE(map.groups() == 1);
    for (std::size_t o = 0; o < 9; ++o) {
      float reach = 0.0F;
      for (std::size_t i = 0; i < in; ++i) reach = std::max(reach, std::abs(weights[o * in + i]));
      REQUIRE(map.scales[o] == static_cast<float>(static_cast<double>(reach) / 127.0));
      for (std::size_t i = 0; i < in; ++i) {
        const double lost = Meant(map, o, i) - static_cast<double>(weights[o * in + i]);
        // The scale itself is rounded to a float, which 127 of it feel.
        REQUIRE(std::abs(lost) <= 0.50002 * static_cast<double>(map.scales[o]));
      }
    }
  }
}

// Every weight is a whole number up to 7, so nothing is lost at the scale 1. The second group has
// one weight: 0.5 is 7 of 0.0714, rounded to 8 significant bits.
TEST_CASE("In 4 bits groups of 16 inputs have their own scale, of 8 significant bits") {
  std::vector<float> weights;
  for (int i = 0; i < 16; ++i) weights.push_back(static_cast<float>(i % 15 - 7));
  weights.push_back(0.5F);
  const QuantizedLinear map = QuantizeLinear(weights, 17, 0, Ones(17), 4);
  CHECK(map.bits == 4);
  REQUIRE(map.group == 16);
  REQUIRE(map.scales.size() == 2);
  CHECK(map.scales[0] == 1.0F);
  CHECK(map.scales[1] == 0x1.24p-4F);  // 0.0713
  Values expected;
  for (int i = 0; i < 16; ++i) expected.push_back(static_cast<std::int8_t>(i % 15 - 7));
  expected.push_back(7);
  CHECK(map.values == expected);
}

double AsShort(double number) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(number));
  return static_cast<double>(std::bit_cast<float>((bits + 0x8000U) & 0xFFFF'0000U));
}

double PlainError(std::span<const float> weights) {
  double reach = 0.0;
  for (const float weight : weights) reach = std::max(reach, std::abs(static_cast<double>(weight)));
  const double scale = AsShort(reach / 7.0);
  double sum = 0.0;
  for (const float weight : weights) {
    const auto exact = static_cast<double>(weight);
    const double lost = exact - scale * std::clamp(std::nearbyint(exact / scale), -7.0, 7.0);
    sum += lost * lost;
  }
  return sum;
}

TEST_CASE(
    "The search for a scale of 4 bits is never worse than the largest weight's, and mostly "
    "better") {
  DrawnNumbers draw(3);
  int better = 0;
  for (int row = 0; row < 200; ++row) {
    const std::vector<float> weights = draw.Floats(16, 0.5F);
    const QuantizedLinear map = QuantizeLinear(weights, 16, 0, Ones(16), 4);
    double error = 0.0;
    for (std::size_t i = 0; i < 16; ++i) {
      REQUIRE(std::abs(int{map.values[i]}) <= 7);
      const double lost = Meant(map, 0, i) - static_cast<double>(weights[i]);
      error += lost * lost;
    }
    REQUIRE((std::bit_cast<std::uint32_t>(map.scales[0]) & 0xFFFFU) == 0);
    REQUIRE(error <= PlainError(weights));
    if (error < PlainError(weights)) ++better;
  }
  CHECK(better > 100);
}

// The scale is 1. The last two inputs always move together, the first alone: to the nearest both
// 0.4 become 0, and 0.8 of their common movement is lost. Instead the first one's 0.4 is put on the
// second, 0.4 + 0.4 / 1.01 is nearly 0.8, and becomes 1: only 0.2 is lost.
TEST_CASE("In 4 bits what one weight loses is put on those that move with it") {
  const std::vector<float> weights = {7.0F, 0.4F, 0.4F};
  InputProducts together{{1, 0, 0, 0, 1, 1, 0, 1, 1}};
  CHECK(QuantizeLinear(weights, 3, 0, Ones(3), 4).values == Values{7, 0, 0});
  CHECK(QuantizeLinear(weights, 3, 0, Ones(3), 4, together).values == Values{7, 0, 1});
  InputProducts opposed{{1, 0, 0, 0, 1, -1, 0, -1, 1}};  // 0.4 - 0.396 stays 0
  CHECK(QuantizeLinear(weights, 3, 0, Ones(3), 4, opposed).values == Values{7, 0, 0});
  CHECK(QuantizeLinear(weights, 3, 0, Ones(3), 8, together).values ==
        QuantizeLinear(weights, 3, 0, Ones(3), 8).values);
}

TEST_CASE("Inputs that never moved, alone or all of them, leave weights to the nearest") {
  DrawnNumbers draw(4);
  const std::vector<float> weights = draw.Floats(20 * 20, 0.5F);
  const QuantizedLinear nearest = QuantizeLinear(weights, 20, 0, Ones(20), 4);
  CHECK(QuantizeLinear(weights, 20, 0, Ones(20), 4, {std::vector<double>(400, 0.0)}) == nearest);
  InputProducts one{std::vector<double>(400, 0.0)};
  one.values[7 * 20 + 7] = 5.0;
  CHECK(QuantizeLinear(weights, 20, 0, Ones(20), 4, one) == nearest);
}

// The error of results: (w - q) H (w - q) over H = the mean of u u^T, of rows that move together.
TEST_CASE("With products the results of a map lose less than to the nearest") {
  DrawnNumbers draw(6);
  constexpr std::size_t kIn = 24;
  InputProducts products{std::vector<double>(kIn * kIn, 0.0)};
  for (int row = 0; row < 500; ++row) {
    const float common = draw.Float(1.0F);
    std::vector<float> u = draw.Floats(kIn, 0.5F);
    for (float& number : u) number += common;
    for (std::size_t i = 0; i < kIn * kIn; ++i) {
      products.values[i] +=
          static_cast<double>(u[i / kIn]) * static_cast<double>(u[i % kIn]) / 500.0;
    }
  }
  const auto error = [&](const QuantizedLinear& map, std::span<const float> weights) {
    double sum = 0.0;
    for (std::size_t i = 0; i < kIn * kIn; ++i) {
      sum += (Meant(map, 0, i / kIn) - static_cast<double>(weights[i / kIn])) *
             (Meant(map, 0, i % kIn) - static_cast<double>(weights[i % kIn])) * products.values[i];
    }
    return sum;
  };
  double plain = 0.0;
  double weighed = 0.0;
  for (int row = 0; row < 100; ++row) {
    const std::vector<float> weights = draw.Floats(kIn, 0.5F);
    const QuantizedLinear map = QuantizeLinear(weights, kIn, 0, Ones(kIn), 4, products);
    for (const int value : map.values) REQUIRE(std::abs(value) <= 7);
    plain += error(QuantizeLinear(weights, kIn, 0, Ones(kIn), 4), weights);
    weighed += error(map, weights);
  }
  INFO(weighed << " of " << plain);
  CHECK(weighed < 0.75 * plain);
}

}  // namespace
}  // namespace recoup::model
