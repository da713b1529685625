// Long numbers that people can read.
#pragma once

#include <string>

namespace recoup::cli {

/// Returns `digits` (a whole number, perhaps negative) with a comma before every third: `-1,234`.
inline std::string GroupDigits(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

}  // namespace recoup::cli
