#include "model/peers/nearest_loans.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "model/runtime/kernels/nearest_blocks.h"

namespace recoup::model {
namespace {

constexpr std::size_t kMostColumns = 48;
constexpr double kGainKept = 0.99;
constexpr std::uint32_t kNobody = ~std::uint32_t{0};

std::size_t BlocksOf(std::size_t items) { return (items + kBlockRows - 1) / kBlockRows; }

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

void WriteMetricRow(const LoanMetric& metric, std::span<const float> own, float* row) {
  for (std::size_t i = 0; i < metric.width(); ++i) {
    const float value = own[metric.columns[i]];
    row[i] = std::isnan(value) ? 0.0F : value * metric.scales[i];
  }
}

std::vector<float> MetricRows(const LoanMetric& metric, const Table& table) {
  const std::size_t width = table.columns.size();
  std::vector<float> rows(table.rows() * metric.width());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    WriteMetricRow(metric, std::span(table.values).subspan(row * width, width),
                   rows.data() + row * metric.width());
  }
  return rows;
}

namespace {

// Puts rows that are alike next to each other: halves along the column in which they differ most,
// at a whole number of blocks, until a block is left.
class Halving {
 public:
  Halving(std::span<const float> rows, std::size_t width) : rows_(rows), width_(width) {}

  void Order(std::span<std::uint32_t> some) const {
    const std::size_t blocks = BlocksOf(some.size());
    if (blocks < 2 || width_ == 0) return;
    const std::size_t column = WidestOf(some);
    const std::size_t middle = blocks / 2 * kBlockRows;
    std::nth_element(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(middle), some.end(),
                     [this, column](std::uint32_t a, std::uint32_t b) {
                       return rows_[a * width_ + column] < rows_[b * width_ + column];
                     });
    Order(some.first(middle));
    Order(some.subspan(middle));
  }

 private:
  // By the variance, of a sample: the range of a column of zeros and ones says little of its rows.
  std::size_t WidestOf(std::span<const std::uint32_t> some) const {
    const std::size_t step = std::max<std::size_t>(some.size() / kSample, 1);
    std::array<float, kMostColumns> sums{};
    std::array<float, kMostColumns> squares{};
    const std::size_t columns = std::min(width_, kMostColumns);
    float count = 0.0F;
    for (std::size_t i = 0; i < some.size(); i += step) {
      const float* row = rows_.data() + some[i] * width_;
      for (std::size_t c = 0; c < columns; ++c) {
        sums[c] += row[c];
        squares[c] += row[c] * row[c];
      }
      count += 1.0F;
    }
    std::size_t widest = 0;
    float most = -1.0F;
    for (std::size_t c = 0; c < columns; ++c) {
      const float variance = squares[c] - sums[c] * sums[c] / count;
      if (variance <= most) continue;
      most = variance;
      widest = c;
    }
    return widest;
  }

  static constexpr std::size_t kSample = 256;

  std::span<const float> rows_;
  std::size_t width_;
};

// Distances are not negative, so their bits are in their order; equals by position.
std::uint64_t KeyOf(float distance, std::uint32_t position) {
  return (std::uint64_t{std::bit_cast<std::uint32_t>(distance)} << 32) | position;
}

// The nearest rows seen so far, and up to a few more, so that they are sorted out now and then
// only.
class Candidates {
 public:
  /// Rows farther than this are not among the nearest.
  float limit() const { return limit_; }

  void Add(float distance, std::uint32_t position) {
    keys_[count_++] = KeyOf(distance, position);
    if (count_ == full_) Shrink();
  }

  void Shrink() {
    if (count_ < kManyNearest) return;
    const auto last = keys_.begin() + (kManyNearest - 1);
    std::nth_element(keys_.begin(), last, keys_.begin() + static_cast<std::ptrdiff_t>(count_));
    count_ = kManyNearest;
    full_ = 2 * kManyNearest;
    limit_ = std::bit_cast<float>(static_cast<std::uint32_t>(*last >> 32));
  }

  Nearest Take() {
    Shrink();
    std::sort(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(count_));
    Nearest nearest;
    nearest.count = count_;
    for (std::size_t i = 0; i < count_; ++i) {
      nearest.positions[i] = static_cast<std::uint32_t>(keys_[i]);
    }
    return nearest;
  }

 private:
  static constexpr std::size_t kGroupRows = kBlockRows * kBlockRows;

  // Holds all of a first group, so that it is sorted out once.
  std::array<std::uint64_t, kGroupRows + kManyNearest> keys_;
  std::size_t full_ = keys_.size();
  std::size_t count_ = 0;
  float limit_ = std::numeric_limits<float>::infinity();
};

}  // namespace

NearestLoans::Boxes::Boxes(std::size_t boxes, std::size_t columns) : width(columns) {
  const std::size_t size = BlocksOf(boxes) * width * kBlockRows;
  low.assign(size, std::numeric_limits<float>::infinity());
  high.assign(size, -std::numeric_limits<float>::infinity());
}

void NearestLoans::Boxes::Grow(std::size_t box, std::size_t column, float least, float most) {
  const std::size_t at = (box / kBlockRows * width + column) * kBlockRows + box % kBlockRows;
  low[at] = std::min(low[at], least);
  high[at] = std::max(high[at], most);
}

BoxBlock NearestLoans::Boxes::At(std::size_t block) const {
  const std::size_t at = block * width * kBlockRows;
  return {low.data() + at, high.data() + at};
}

NearestLoans::NearestLoans(std::span<const float> rows, std::size_t width)
    : width_(width),
      blocks_(width == 0 ? 0 : BlocksOf(rows.size() / width)),
      groups_(BlocksOf(blocks_)),
      positions_(blocks_ * kBlockRows, kNobody),
      oldest_(blocks_),
      newest_(blocks_),
      values_(blocks_ * width * kBlockRows, 0.0F),
      of_blocks_(blocks_, width),
      of_groups_(groups_, width) {
  if (blocks_ == 0) return;
  std::vector<std::uint32_t> order(rows.size() / width);
  std::iota(order.begin(), order.end(), 0U);
  Halving(rows, width).Order(order);
  std::copy(order.begin(), order.end(), positions_.begin());
  for (std::size_t block = 0; block < blocks_; ++block) {
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(block * kBlockRows);
    const auto count = std::min<std::size_t>(kBlockRows, order.size() - block * kBlockRows);
    const auto [oldest, newest] =
        std::minmax_element(first, first + static_cast<std::ptrdiff_t>(count));
    oldest_[block] = *oldest;
    newest_[block] = *newest;
    FillBlock(block, rows, {&*first, count});
  }
}

void NearestLoans::FillBlock(std::size_t block, std::span<const float> rows,
                             std::span<const std::uint32_t> positions) {
  float* const values = values_.data() + block * width_ * kBlockRows;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const float* row = rows.data() + positions[i] * width_;
    for (std::size_t c = 0; c < width_; ++c) values[c * kBlockRows + i] = row[c];
  }
  for (std::size_t c = 0; c < width_; ++c) {
    const auto column = std::span(values + c * kBlockRows, positions.size());
    const auto [low, high] = std::minmax_element(column.begin(), column.end());
    of_blocks_.Grow(block, c, *low, *high);
    of_groups_.Grow(block / kBlockRows, c, *low, *high);
  }
}

// One question on its way through the blocks.
struct NearestLoans::Search {
  const NearestLoans& in;
  std::span<const float> query;
  std::uint32_t begin;  // positions that are compared
  std::uint32_t end;
  std::uint32_t left_out;
  Candidates candidates{};

  void VisitGroup(std::size_t group) {
    alignas(kCacheLine) std::array<float, kBlockRows> bounds;
    std::uint32_t within =
        BoxDistances(query, in.of_blocks_.At(group), candidates.limit(), bounds.data());
    const std::size_t first = group * kBlockRows;
    for (; within != 0; within &= within - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(within));
      if (first + i >= in.blocks_) return;
      // A row that is as far as the limit may still come first, by its position.
      if (bounds[i] <= candidates.limit()) VisitBlock(first + i);
    }
  }

  void VisitBlock(std::size_t block) {
    if (in.newest_[block] < begin || in.oldest_[block] >= end) return;
    alignas(kCacheLine) std::array<float, kBlockRows> distances;
    const float* values = in.values_.data() + block * in.width_ * kBlockRows;
    std::uint32_t within = BlockDistances(query, {values}, candidates.limit(), distances.data());
    const std::uint32_t* positions = in.positions_.data() + block * kBlockRows;
    for (; within != 0; within &= within - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(within));
      const std::uint32_t position = positions[i];
      if (position < begin || position >= end || position == left_out) continue;
      candidates.Add(distances[i], position);
    }
  }
};

Nearest NearestLoans::Find(std::span<const float> query, std::size_t known,
                           std::uint32_t left_out) const {
  if (width_ == 0) return NearestRows(query, {}, known, left_out);
  if (blocks_ == 0) return {};
  thread_local AlignedVector<float> bounds;
  thread_local std::vector<std::uint64_t> rest;
  constexpr float kAny = std::numeric_limits<float>::infinity();
  const std::size_t blocks_of_groups = BlocksOf(groups_);
  if (bounds.size() < blocks_of_groups * kBlockRows) {
    bounds.resize(blocks_of_groups * kBlockRows);
    rest.reserve(bounds.size());
  }
  for (std::size_t i = 0; i < blocks_of_groups; ++i) {
    BoxDistances(query, of_groups_.At(i), kAny, bounds.data() + i * kBlockRows);
  }
  Search search{*this, query, static_cast<std::uint32_t>(known - std::min(known, kMostCompared)),
                static_cast<std::uint32_t>(known), left_out};
  // The nearest group most likely holds many of the nearest rows: after it, and by going on with
  // the next nearest, the limit is soon low enough to pass over most others.
  const auto of_groups = std::span(bounds).first(groups_);
  const auto nearest = static_cast<std::size_t>(
      std::min_element(of_groups.begin(), of_groups.end()) - of_groups.begin());
  search.VisitGroup(nearest);
  search.candidates.Shrink();
  rest.clear();
  for (std::uint32_t group = 0; group < groups_; ++group) {
    if (group != nearest && of_groups[group] <= search.candidates.limit()) {
      rest.push_back(KeyOf(of_groups[group], group));
    }
  }
  std::sort(rest.begin(), rest.end());
  for (const std::uint64_t key : rest) {
    const auto group = static_cast<std::uint32_t>(key);
    if (of_groups[group] > search.candidates.limit()) break;
    search.VisitGroup(group);
  }
  return search.candidates.Take();
}

Nearest NearestRows(std::span<const float> query, std::span<const float> rows, std::size_t known,
                    std::uint32_t left_out) {
  Candidates candidates;
  const std::size_t begin = known - std::min(known, kMostCompared);
  for (std::size_t row = begin; row < known; ++row) {
    if (row == left_out) continue;
    candidates.Add(SquaredDistance(query, rows.data() + row * query.size()),
                   static_cast<std::uint32_t>(row));
  }
  return candidates.Take();
}

}  // namespace recoup::model
