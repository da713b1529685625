// How unlike its peers a loan is, for the credibility network: the exponents of their weights. The
// same bytes as the plain loop from every instruction set: each head of each peer has its own sum,
// taken in the order of the columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/runtime/kernels/aligned_vector.h"

namespace recoup::model {

/// Heads that are computed side by side; a map of fewer has zeros in their place.
inline constexpr std::size_t kPenaltyHeads = 4;

/// What differences cost, for kPenaltyHeads heads, filled up with zeros to whole fours of columns.
class PenaltyMap {
 public:
  PenaltyMap() = default;

  /// Shape: distance[numeric][heads], mismatch[categories][heads], of which the heads from
  /// `first_head` on are taken, kPenaltyHeads of them or as many as there are.
  PenaltyMap(std::span<const float> distance, std::span<const float> mismatch, std::size_t heads,
             std::size_t first_head);

  std::size_t numeric() const { return numeric_; }
  std::size_t categories() const { return categories_; }
  const float* distance() const { return distance_.data(); }
  const float* mismatch() const { return mismatch_.data(); }

 private:
  std::size_t numeric_ = 0;
  std::size_t categories_ = 0;
  AlignedVector<float> distance_;  // [numeric, rounded up][kPenaltyHeads]
  AlignedVector<float> mismatch_;  // [categories, rounded up][kPenaltyHeads]
};

/// Shape: numeric[map.numeric()], categories[map.categories()]. Finite.
struct LoanNumbers {
  const float* numeric = nullptr;
  const std::int32_t* categories = nullptr;
};

/// Adds to each peer's penalties the weighted distances of its numbers from the loan's, then the
/// weights of the categories that differ.
/// Shape: penalties[peers.size()][kPenaltyHeads].
void AddPenalties(const PenaltyMap& map, const LoanNumbers& loan,
                  std::span<const LoanNumbers> peers, float* penalties);

}  // namespace recoup::model
