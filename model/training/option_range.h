// Options of training and the ranges they may lie in.
#pragma once

#include <span>
#include <string>

#include "graph/types/result.h"

namespace recoup::model {

struct OptionRange {
  const char* option;
  double value;
  double low;
  double high;
};

/// Errors: kInvalidArgument (names the first option outside its range; a NaN is outside).
inline Result<void> CheckRanges(std::span<const OptionRange> ranges) {
  for (const OptionRange& range : ranges) {
    if (range.value >= range.low && range.value <= range.high) continue;
    return Error{ErrorCode::kInvalidArgument,
                 std::string("training option outside its range: ") + range.option + " is " +
                     std::to_string(range.value) + ", allowed " + std::to_string(range.low) +
                     " to " + std::to_string(range.high)};
  }
  return {};
}

}  // namespace recoup::model
