#include "model/peers/nearest_loans.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/runtime/kernels/instruction_sets.h"

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

std::vector<std::uint32_t> Listed(const Nearest& nearest) {
  return {nearest.all().begin(), nearest.all().end()};
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
      const auto nearest = Listed(NearestRows(query, rows, known, kNobody));
      INFO(width << " columns, " << known << " rows known");
      REQUIRE(nearest == FullSort(query, rows, known, kNobody));
      if (nearest.empty()) continue;
      for (const std::uint32_t left_out : {nearest.front(), nearest.back(), 299U}) {
        REQUIRE(Listed(NearestRows(query, rows, known, left_out)) ==
                FullSort(query, rows, known, left_out));
      }
    }
  }
}

// Clusters of rows that are alike, on a grid or not, with many duplicates and constant columns.
std::vector<float> RandomRows(std::size_t count, std::size_t width, bool grid,
                              std::mt19937& random) {
  std::vector<float> centres(8 * width);
  const auto draw = [&random] { return static_cast<float>(random() % 20'001) / 10'000.0F - 1.0F; };
  std::generate(centres.begin(), centres.end(), draw);
  std::vector<float> rows;
  for (std::size_t row = 0; row < count; ++row) {
    if (row > 0 && random() % 4 == 0) {  // a duplicate
      const std::size_t other = random() % row;
      for (std::size_t c = 0; c < width; ++c) rows.push_back(rows[other * width + c]);
      continue;
    }
    const std::size_t centre = random() % 8;
    for (std::size_t c = 0; c < width; ++c) {
      const float value = centres[centre * width + c] + 0.25F * draw();
      rows.push_back(c % 5 == 4 ? 0.5F : grid ? std::round(2.0F * value) / 2.0F : value);
    }
  }
  return rows;
}

TEST_CASE("Rows in blocks find what comparing every row finds, on every instruction set") {
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    std::mt19937 random(11);
    for (int world = 0; world < 60; ++world) {
      const std::size_t width = world < 50 ? 1 + random() % 20 : 48;
      const std::size_t count = random() % (world % 3 == 0 ? 40 : 1200);
      const std::vector<float> rows = RandomRows(count, width, world % 2 == 0, random);
      const NearestLoans loans(rows, width);
      for (int question = 0; question < 12; ++question) {
        std::vector<float> query = RandomRows(1, width, world % 2 == 0, random);
        if (count > 0 && question % 3 != 0) {  // one of the rows, as training asks
          const auto row = rows.begin() + static_cast<std::ptrdiff_t>(random() % count * width);
          query.assign(row, row + static_cast<std::ptrdiff_t>(width));
        }
        const std::size_t known = question % 4 == 0 ? count : random() % (count + 1);
        const auto left_out =
            question % 2 == 0 ? kNobody : static_cast<std::uint32_t>(random() % (count + 1));
        INFO(set << ", world " << world << ", question " << question);
        REQUIRE(Listed(loans.Find(query, known, left_out)) ==
                Listed(NearestRows(query, rows, known, left_out)));
      }
    }
  }
}

TEST_CASE("Of more rows than are compared only the newest are found") {
  // Old rows are nearer, and none of them may come.
  const std::size_t count = kMostCompared + 500;
  std::vector<float> rows(count);
  for (std::size_t i = 0; i < count; ++i)
    rows[i] = static_cast<float>(i % 1000 + (i < 500 ? 0 : 5));
  const NearestLoans loans(rows, 1);
  const std::vector<float> query = {0.0F};
  for (const std::size_t known : {count, count - 100, std::size_t{900}}) {
    const auto nearest = Listed(loans.Find(query, known, kNobody));
    REQUIRE(nearest == Listed(NearestRows(query, rows, known, kNobody)));
    REQUIRE(nearest.size() == 64);
    const std::size_t oldest = known - std::min(known, kMostCompared);
    CHECK(*std::min_element(nearest.begin(), nearest.end()) >= oldest);
  }
}

TEST_CASE("Without columns every row is as near, and without rows there is none") {
  const std::vector<float> none;
  CHECK(Listed(NearestLoans(none, 0).Find(none, 3, 1)) == std::vector<std::uint32_t>{0, 2});
  CHECK(Listed(NearestLoans(none, 4).Find(std::vector<float>(4), 0, kNobody)).empty());
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
