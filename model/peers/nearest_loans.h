// Retrieval: which already resolved loans look most like a loan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/features/tabular.h"
#include "model/runtime/kernels/aligned_vector.h"
#include "model/runtime/kernels/nearest_blocks.h"
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

/// Writes one row of own columns as the metric compares it. Shape: row[metric.width()].
void WriteMetricRow(const LoanMetric& metric, std::span<const float> own, float* row);

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

/// The positions of rows, nearest first.
struct Nearest {
  std::array<std::uint32_t, kManyNearest> positions{};
  std::size_t count = 0;

  std::span<const std::uint32_t> all() const { return std::span(positions).first(count); }
};

/// Rows ready to be asked which of them are nearest to another. They lie in blocks of 16 rows that
/// are alike, and blocks in groups of 16, each with the box around it: most need not be looked
/// into. What is found is what NearestRows finds, to the last position. Threads: share freely once
/// made.
class NearestLoans {
 public:
  NearestLoans() = default;
  /// Shape: rows[n * width].
  NearestLoans(std::span<const float> rows, std::size_t width);

  /// Returns the up to 64 rows nearest to `query` among the last kMostCompared of the first `known`
  /// rows, nearest first, equals by position; without `left_out`. Allocates only in the first
  /// call of a thread. Shape: query[width]. REQUIRES: known <= n.
  Nearest Find(std::span<const float> query, std::size_t known, std::uint32_t left_out) const;

 private:
  /// Boxes around rows, in blocks of 16 boxes. Shape: low, high [blocks][width][16].
  struct Boxes {
    Boxes() = default;
    Boxes(std::size_t boxes, std::size_t width);
    void Grow(std::size_t box, std::size_t column, float least, float most);
    BoxBlock At(std::size_t block) const;

    std::size_t width = 0;
    AlignedVector<float> low;
    AlignedVector<float> high;
  };
  struct Search;

  void FillBlock(std::size_t block, std::span<const float> rows,
                 std::span<const std::uint32_t> positions);

  std::size_t width_ = 0;
  std::size_t blocks_ = 0;
  std::size_t groups_ = 0;
  std::vector<std::uint32_t> positions_;  // [blocks * 16]; nobody's where a block has fewer rows
  std::vector<std::uint32_t> oldest_;     // [blocks] the least position within
  std::vector<std::uint32_t> newest_;     // [blocks] the greatest
  AlignedVector<float> values_;           // [blocks][width][16]
  Boxes of_blocks_;
  Boxes of_groups_;
};

/// What Find finds, by definition: compares every row.
Nearest NearestRows(std::span<const float> query, std::span<const float> rows, std::size_t known,
                    std::uint32_t left_out);

}  // namespace recoup::model
