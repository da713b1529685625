#include "model/runtime/kernels/exp_rows.h"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "model/runtime/kernels/instruction_sets.h"
#include "model/valuation/portable_exp.h"

namespace recoup::model {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::uint64_t BitsOf(double value) { return std::bit_cast<std::uint64_t>(value); }

// Of all sizes, and the ends.
std::vector<double> Numbers(std::size_t count) {
  std::vector<double> numbers = {0.0,        -0.0,       kInfinity,
                                 -kInfinity, -708.0,     -708.0000000000001,
                                 709.0,      709.782,    709.7827128933841,
                                 1e300,      -1e300,     std::numeric_limits<double>::denorm_min(),
                                 -745.2,     0.34657359, std::numeric_limits<double>::quiet_NaN(),
                                 -0.3465736};
  std::mt19937_64 random(1);
  while (numbers.size() < count) {
    const double wide = static_cast<double>(random() >> 11) * 0x1p-53 - 0.5;
    numbers.push_back(wide * (random() % 2 == 0 ? 1500.0 : 4.0));
  }
  return numbers;
}

TEST_CASE("A million numbers give the bytes of PortableExp, on every instruction set") {
  const std::vector<double> x = Numbers(1'000'003);
  std::vector<double> expected;
  for (const double number : x) expected.push_back(PortableExp(number));
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    std::vector<double> y(x.size());
    ExpRows(x.data(), x.size(), y.data());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < x.size(); ++i) wrong += BitsOf(y[i]) != BitsOf(expected[i]) ? 1 : 0;
    INFO(set);
    CHECK(wrong == 0);
  }
}

TEST_CASE("Negated floats give the bytes of PortableExp, however many, on every instruction set") {
  std::vector<float> x;
  for (const double number : Numbers(300)) x.push_back(static_cast<float>(number));
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    for (std::size_t count = 0; count <= 70; ++count) {
      std::vector<double> y(count + 1, 7.0);
      ExpOfNegated(x.data() + count, count, y.data());
      INFO(set << ", " << count);
      for (std::size_t i = 0; i < count; ++i) {
        REQUIRE(BitsOf(y[i]) == BitsOf(PortableExp(-static_cast<double>(x[count + i]))));
      }
      REQUIRE(y[count] == 7.0);
    }
  }
}

}  // namespace
}  // namespace recoup::model
