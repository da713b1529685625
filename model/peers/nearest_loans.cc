#include "model/peers/nearest_loans.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace recoup::model {
namespace {

constexpr std::size_t kMostColumns = 48;
constexpr double kGainKept = 0.99;

}  // namespace

LoanMetric MetricOf(const FlatTrees& trees) {
  const std::span<const float> shares = trees.gain_shares();
  std::vector<std::uint32_t> order(shares.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [shares](std::uint32_t a, std::uint32_t b) { return shares[a] > shares[b]; });
  LoanMetric metric;
  double kept = 0.0;
  for (const std::uint32_t column : order) {
    if (kept >= kGainKept || metric.width() >= kMostColumns || shares[column] <= 0.0F) break;
    kept += static_cast<double>(shares[column]);
    metric.columns.push_back(column);
    metric.scales.push_back(std::sqrt(shares[column]));
  }
  return metric;
}

std::vector<float> MetricRows(const LoanMetric& metric, const Table& table) {
  const std::size_t width = table.columns.size();
  std::vector<float> rows(table.rows() * metric.width());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t i = 0; i < metric.width(); ++i) {
      const float value = table.values[row * width + metric.columns[i]];
      rows[row * metric.width() + i] = std::isnan(value) ? 0.0F : value * metric.scales[i];
    }
  }
  return rows;
}

std::vector<std::uint32_t> NearestRows(std::span<const float> query, std::span<const float> rows,
                                       std::size_t known, std::uint32_t left_out) {
  const std::size_t width = query.size();
  std::vector<std::pair<float, std::uint32_t>> distances;
  const std::size_t compared = std::min(known, kMostCompared);
  distances.reserve(compared);
  for (auto row = static_cast<std::uint32_t>(known - compared); row < known; ++row) {
    if (row == left_out) continue;
    const float* other = rows.data() + row * width;
    // Four sums, so that the compiler can keep them apart; always in this order.
    float sums[4] = {0.0F, 0.0F, 0.0F, 0.0F};
    std::size_t i = 0;
    for (; i + 4 <= width; i += 4) {
      for (std::size_t lane = 0; lane < 4; ++lane) {
        const float difference = query[i + lane] - other[i + lane];
        sums[lane] += difference * difference;
      }
    }
    for (; i < width; ++i) {
      const float difference = query[i] - other[i];
      sums[0] += difference * difference;
    }
    distances.emplace_back((sums[0] + sums[1]) + (sums[2] + sums[3]), row);
  }
  const std::size_t count = std::min(kManyNearest, distances.size());
  std::partial_sort(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(count),
                    distances.end());
  std::vector<std::uint32_t> nearest(count);
  for (std::size_t i = 0; i < count; ++i) nearest[i] = distances[i].second;
  return nearest;
}

}  // namespace recoup::model
