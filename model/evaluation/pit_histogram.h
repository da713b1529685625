// Where outcomes fell within their forecast distributions: flat if the distributions are right.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace recoup::model {

inline constexpr std::size_t kPitBins = 10;

/// Shares of the outcomes whose probability integral transform F(y) lies in [0, .1), [.1, .2) ...
/// (docs/evaluation.md, E-12). F is linear between the quantiles at kLevels; what lies beyond the
/// outer ones belongs to the outer bins. Where quantiles tie at the outcome, as at an atom, its
/// mass is spread evenly over the probabilities that they stand for. Nothing is random.
/// Shape: quantiles[outcomes * 19], row-major, ascending in each row. NaN without outcomes.
std::array<double, kPitBins> PitHistogram(std::span<const double> outcomes,
                                          std::span<const double> quantiles);

}  // namespace recoup::model
