// Squared distances between a query and sixteen rows, or sixteen boxes around rows, at a time: the
// inner loops of model/peers/nearest_loans.h. The same bytes from every instruction set: each row's
// terms are added up in the same order, and every product is rounded before it is added.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace recoup::model {

inline constexpr std::size_t kBlockRows = 16;

/// The distance of one row, as all of these take it: column i goes into the sum i modulo 4, the
/// columns after the last four into the first; then (0 + 1) + (2 + 3). Shape: row[query.size()].
float SquaredDistance(std::span<const float> query, const float* row);

/// Sixteen rows, column by column. Shape: values[width][16]; aligned to a cache line.
struct RowBlock {
  const float* values = nullptr;
};

/// Boxes around sixteen sets of rows. Shape: low, high [width][16]; aligned to a cache line.
struct BoxBlock {
  const float* low = nullptr;
  const float* high = nullptr;
};

/// Writes the distances of the rows of a block, and returns a bit for each that is at most `limit`;
/// of others, what it wrote may be less than the distance. Shape: distances[16], aligned to a cache
/// line.
std::uint32_t BlockDistances(std::span<const float> query, RowBlock block, float limit,
                             float* distances);

/// Writes for each box what no row within it is nearer than, and returns a bit for each that is at
/// most `limit`. As computed here, so that rounding cannot turn it round. Shape: as above.
std::uint32_t BoxDistances(std::span<const float> query, BoxBlock boxes, float limit,
                           float* distances);

}  // namespace recoup::model
