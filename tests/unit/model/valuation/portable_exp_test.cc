#include "model/valuation/portable_exp.h"

#include <algorithm>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace recoup::model {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Between `low` and `high`, the same on every machine: the library's distributions are not.
std::vector<double> Draw(std::size_t count, double low, double high) {
  std::mt19937_64 random(1);
  std::vector<double> values(count);
  for (double& value : values) {
    value = low + (high - low) * (static_cast<double>(random() >> 11) * 0x1p-53);
  }
  return values;
}

// In units in the last place of the exact value, which a long double knows well enough.
double Error(double x) {
  const long double exact = std::exp(static_cast<long double>(x));
  const auto nearest = static_cast<double>(exact);
  const long double unit = std::nextafter(nearest, kInfinity) - nearest;
  return static_cast<double>(std::abs(static_cast<long double>(PortableExp(x)) - exact) / unit);
}

TEST_CASE("exp is off by less than 1 unit in the last place") {
  for (const auto& [low, high] :
       {std::pair{-1.0, 1.0}, {-0.35, 0.35}, {-40.0, 40.0}, {-707.9, 709.7}}) {
    double largest = 0.0;
    for (const double x : Draw(200'000, low, high)) largest = std::max(largest, Error(x));
    INFO("from " << low << " to " << high << ": " << largest);
    CHECK(largest < 0.95);
  }
}

TEST_CASE("exp is right at its ends") {
  CHECK(PortableExp(0.0) == 1.0);
  CHECK(PortableExp(-0.0) == 1.0);
  CHECK(PortableExp(std::numeric_limits<double>::denorm_min()) == 1.0);
  CHECK(PortableExp(-kInfinity) == 0.0);
  CHECK(PortableExp(-1e300) == 0.0);
  CHECK(PortableExp(std::nextafter(-708.0, -kInfinity)) == 0.0);
  CHECK(Error(-708.0) < 1.0);
  CHECK(Error(std::log(std::numeric_limits<double>::max())) < 1.0);
  CHECK(PortableExp(std::nextafter(std::log(std::numeric_limits<double>::max()), kInfinity)) ==
        kInfinity);
  CHECK(PortableExp(1e300) == kInfinity);
  CHECK(PortableExp(kInfinity) == kInfinity);
  CHECK(std::isnan(PortableExp(std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("exp ascends where its parts meet: at the halves of ln 2") {
  for (int n = -1000; n <= 1000; ++n) {
    const double seam = (n + 0.5) * std::log(2.0);
    double x = seam * (1.0 - 1e-15);
    for (int i = 0; i < 20; ++i) {
      const double next = std::nextafter(x, kInfinity);
      REQUIRE(PortableExp(x) <= PortableExp(next) * (1.0 + 2.3e-16));
      REQUIRE(Error(x) < 1.0);
      x = next;
    }
  }
}

TEST_CASE("Many at once give the bytes of one by one") {
  for (const std::size_t count : {0, 1, 2, 3, 27, 100'001}) {
    std::vector<double> values = Draw(count, -800.0, 800.0);
    if (count > 2) values[1] = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> expected;
    for (const double x : values) expected.push_back(PortableExp(x));
    PortableExpOf(values);
    const auto same = [](double a, double b) {
      return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
    };
    CHECK(std::equal(values.begin(), values.end(), expected.begin(), expected.end(), same));
  }
}

TEST_CASE("The bytes are these on every machine") {
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325U;  // FNV-1a over whole numbers
  for (const double x : Draw(100'000, -720.0, 720.0)) {
    hash = (hash ^ std::bit_cast<std::uint64_t>(PortableExp(x))) * 0x0000'0100'0000'01b3U;
  }
  CHECK(hash == 0x1388'706c'e67e'e7a1U);
}

}  // namespace
}  // namespace recoup::model
