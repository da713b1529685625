#include "model/peers/nearest_loans.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <utility>
#include <vector>

namespace recoup::model {
namespace {

constexpr std::uint32_t kNobody = ~std::uint32_t{0};

FlatTrees WithShares(const std::vector<float>& shares) {
  FlatTrees trees = FlatTrees::Make(shares.size(), 0.0F, {}, {}).value();
  trees.set_gain_shares(shares);
  return trees;
}

// Sorts everything. Values on a grid keep every distance exact, so that equal ones are equal.
std::vector<std::uint32_t> FullSort(const std::vector<float>& query, const std::vector<float>& rows,
                                    std::size_t known, std::uint32_t left_out) {
  std::vector<std::pair<double, std::uint32_t>> all;
  for (std::uint32_t row = 0; row < known; ++row) {
    double distance = 0.0;
    for (std::size_t i = 0; i < query.size(); ++i) {
      distance += std::pow(static_cast<double>(query[i] - rows[row * query.size() + i]), 2.0);
    }
    if (row != left_out) all.emplace_back(distance, row);
  }
  std::sort(all.begin(), all.end());
  std::vector<std::uint32_t> nearest;
  for (const auto& [distance, row] : all) nearest.push_back(row);
  nearest.resize(std::min<std::size_t>(nearest.size(), 64));
  return nearest;
}

TEST_CASE("The nearest rows are the first of all rows, sorted by distance and position") {
  std::mt19937 random(5);
  const auto grid = [&random] { return 0.25F * static_cast<float>(random() % 5); };
  for (const std::size_t width : {0U, 1U, 3U, 4U, 9U}) {
    std::vector<float> query(width);
    std::vector<float> rows(300 * width);
    std::generate(query.begin(), query.end(), grid);
    std::generate(rows.begin(), rows.end(), grid);
    for (const std::size_t known : {0U, 1U, 63U, 64U, 65U, 300U}) {
      const std::vector<std::uint32_t> nearest = NearestRows(query, rows, known, kNobody);
      INFO(width << " columns, " << known << " rows known");
      REQUIRE(nearest == FullSort(query, rows, known, kNobody));
      if (nearest.empty()) continue;
      for (const std::uint32_t left_out : {nearest.front(), nearest.back(), 299U}) {
        REQUIRE(NearestRows(query, rows, known, left_out) ==
                FullSort(query, rows, known, left_out));
      }
    }
  }
}

TEST_CASE("A metric keeps the columns of the first 99 % of the gain, largest first") {
  // 0.5, 0.8, 0.96, 0.995: four columns pass 99 %, the fifth is left out.
  const LoanMetric metric = MetricOf(WithShares({0.16F, 0.0F, 0.5F, 0.005F, 0.3F, 0.035F}));
  CHECK(metric.columns == std::vector<std::uint32_t>{2, 4, 0, 5});
  CHECK(metric.scales ==
        std::vector<float>{std::sqrt(0.5F), std::sqrt(0.3F), std::sqrt(0.16F), std::sqrt(0.035F)});
}

TEST_CASE("A metric has at most 48 columns, equals by position, and none without splits") {
  const LoanMetric metric = MetricOf(WithShares(std::vector<float>(100, 0.01F)));
  REQUIRE(metric.width() == 48);
  for (std::uint32_t i = 0; i < 48; ++i) CHECK(metric.columns[i] == i);
  CHECK(MetricOf(WithShares({0.0F, 0.0F})) == LoanMetric());
}

TEST_CASE("Rows are compared by scaled columns, and a missing value is 0") {
  const LoanMetric metric{{2, 0}, {0.5F, 2.0F}};
  const float missing = std::numeric_limits<float>::quiet_NaN();
  const Table table{{"a", "b", "c"}, {1.0F, 9.0F, -1.0F, 0.25F, 9.0F, missing}};
  CHECK(MetricRows(metric, table) == std::vector<float>{-0.5F, 2.0F, 0.0F, 0.5F});
}

}  // namespace
}  // namespace recoup::model
