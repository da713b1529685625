// Resolved peers of loans as numbers: what the credibility network listens to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace recoup::model {

/// Peers a relation: the newest 24, and 24 spread over the newest 512.
inline constexpr std::size_t kCredibilitySlots = 48;

/// Numbers of loans, as peers and as loans to learn on or forecast.
/// Shape: numeric[rows * numeric_width], categories[rows * category_sizes.size()], row-major.
struct LoanRows {
  std::size_t numeric_width = 0;
  std::vector<std::int32_t> category_sizes;
  std::vector<float> numeric;
  std::vector<std::int32_t> categories;

  std::size_t rows() const { return numeric_width == 0 ? 0 : numeric.size() / numeric_width; }
};

/// The resolved peers of some loans, by relation.
/// Shape: peers, years, residuals: [loans * relations * slots], row-major; peers are rows of
/// LoanRows, -1 in a slot that is empty. Unit: years from the peer's outcome to the loan's day.
struct PeerSlots {
  std::size_t relations = 0;
  std::size_t slots = 0;  // peers a relation
  std::vector<std::int32_t> peers;
  std::vector<float> years;
  std::vector<float> residuals;
};

}  // namespace recoup::model
