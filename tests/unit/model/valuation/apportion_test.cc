#include "model/valuation/apportion.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <limits>
#include <vector>

namespace recoup::model {
namespace {

std::vector<std::int64_t> Parts(std::int64_t total, const std::vector<std::uint64_t>& weights) {
  std::vector<std::int64_t> parts;
  for (const Money part : Apportion(Money(total, Currency()), weights)) {
    parts.push_back(part.minor_units());
  }
  return parts;
}

TEST_CASE("Units left over go to the largest remainders, the earlier part first") {
  CHECK(Parts(10, {1, 1, 1}) == std::vector<std::int64_t>{4, 3, 3});
  // Exact shares 1.4, 2.8, 2.8: two units are left over.
  CHECK(Parts(7, {1, 2, 2}) == std::vector<std::int64_t>{1, 3, 3});
  CHECK(Parts(1, {1, 3}) == std::vector<std::int64_t>{0, 1});
}

TEST_CASE("Parts of weight zero get nothing") {
  CHECK(Parts(7, {0, 2, 0, 1}) == std::vector<std::int64_t>{0, 5, 0, 2});
}

TEST_CASE("Without any weight everything goes to the last part") {
  CHECK(Parts(7, {0, 0}) == std::vector<std::int64_t>{0, 7});
}

TEST_CASE("The largest amount is split without overflow") {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const std::uint64_t half = std::uint64_t{1} << 61;
  CHECK(Parts(most, {half, half}) == std::vector<std::int64_t>{most / 2 + 1, most / 2});
}

TEST_CASE("Parts sum to the total and lie within one unit of their exact share") {
  std::uint64_t state = 1;
  const auto next = [&state](std::uint64_t below) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33) % below;
  };
  for (int round = 0; round < 500; ++round) {
    std::vector<std::uint64_t> weights(1 + next(70));
    for (std::uint64_t& weight : weights) weight = next(1000);
    weights[0] += 1;
    const auto total = static_cast<std::int64_t>(next(100'000'000));
    const std::vector<std::int64_t> parts = Parts(total, weights);
    std::uint64_t weight_sum = 0;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weight_sum += weights[i];
      sum += parts[i];
    }
    REQUIRE(sum == total);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double exact = static_cast<double>(total) * static_cast<double>(weights[i]) /
                           static_cast<double>(weight_sum);
      REQUIRE(static_cast<double>(parts[i]) > exact - 1.0);
      REQUIRE(static_cast<double>(parts[i]) < exact + 1.0);
    }
  }
}

}  // namespace
}  // namespace recoup::model
