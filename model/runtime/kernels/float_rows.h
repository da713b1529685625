// The fp32 network's inner loops for many rows at once. The same bytes as the plain loops of
// model/runtime/linear.h from every instruction set: each output is its own sum, taken in the order
// of the inputs, and every product is rounded before it is added.
#pragma once

#include <cstddef>
#include <cstdint>

namespace recoup::model {

/// A linear map. Shape: weights[in][out].
struct FloatMap {
  std::size_t in = 0;
  std::size_t out = 0;
  const float* weights = nullptr;
};

/// Children of one relation around one parent. Shape: children[count] (rows of `rows`, map.in
/// floats each), weights[count], or null where every weight is 1.
struct FloatMessage {
  const float* rows = nullptr;
  const std::uint32_t* children = nullptr;
  const float* weights = nullptr;
  std::size_t count = 0;  // at least 1
};

/// y += x W for `count` rows. Shape: x[count * map.in], y[count * map.out].
void AddFloatRows(const FloatMap& map, const float* x, std::size_t count, float* y);

/// Writes the mean over the children. Shape: mean[width], as the rows.
void MeanOfChildren(const FloatMessage& message, std::size_t width, float* mean);

/// y = max(y, 0); what is not a number stays.
void RectifyFloats(float* y, std::size_t n);

}  // namespace recoup::model
