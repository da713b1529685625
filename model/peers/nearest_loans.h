// Retrieval: which already resolved loans look most like a loan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/features/tabular.h"
#include "model/trees/flat_trees.h"

namespace recoup::model {

/// How loans are compared: the squared difference of own columns (rank-normalised; missing counts
/// as 0), weighted by what the boosted trees gained from each. Columns without a share in the
/// first 99 % of the gain are left out.
struct LoanMetric {
  std::vector<std::uint32_t> columns;  // of OwnColumns
  std::vector<float> scales;           // square roots of the shares

  std::size_t width() const { return columns.size(); }
  bool operator==(const LoanMetric&) const = default;
};

/// Returns the metric of trees over own columns; at most 48 columns.
LoanMetric MetricOf(const FlatTrees& trees);

/// Returns rows of `table` as the metric compares them.
/// Shape: [rows * metric.width()].
std::vector<float> MetricRows(const LoanMetric& metric, const Table& table);

/// How many neighbours are read: the nearest 16 and 64.
inline constexpr std::size_t kFewNearest = 16;
inline constexpr std::size_t kManyNearest = 64;
/// Means over the nearest: outcome of 16 and 64, residual of 16 and 64.
inline constexpr std::size_t kNearestColumns = 4;

/// How many of the known loans are compared: the newest. Bounds the cost of a question.
inline constexpr std::size_t kMostCompared = 50'000;

/// Returns the positions of the up to 64 rows nearest to `query` among the last kMostCompared of
/// the first `known` of `rows`, nearest first, equals by position; without `left_out`. Shape:
/// query[width], rows[n * width].
std::vector<std::uint32_t> NearestRows(std::span<const float> query, std::span<const float> rows,
                                       std::size_t known, std::uint32_t left_out);

}  // namespace recoup::model
