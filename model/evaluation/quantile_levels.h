// The probabilities at which every model's forecast is read, so that all are judged alike.
#pragma once

#include <array>
#include <cstddef>

namespace recoup::model {

inline constexpr std::size_t kQuantileLevels = 19;

/// .05, .10, ..., .95
inline constexpr std::array<double, kQuantileLevels> kLevels = [] {
  std::array<double, kQuantileLevels> levels{};
  for (std::size_t i = 0; i < kQuantileLevels; ++i) {
    levels[i] = static_cast<double>(i + 1) / 20.0;
  }
  return levels;
}();

/// Positions of .10, .50 and .90 in kLevels; .10 and .90 are the ends of the central 80 % before
/// calibration.
inline constexpr std::size_t kLevel10 = 1;
inline constexpr std::size_t kLevel50 = 9;
inline constexpr std::size_t kLevel90 = 17;

}  // namespace recoup::model
