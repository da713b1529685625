// Sums of neighbouring rows, in their order on one thread: the same bytes every time.
#pragma once

#include "model/gnn/torch_headers.h"

namespace recoup::model {

/// Returns, for each segment, the sum of its rows; zeros for an empty one.
/// Shape: rows[m, H], offsets[s + 1] (int32, from 0 to m); returns [s, H].
torch::Tensor SegmentSums(const torch::Tensor& rows, const torch::Tensor& offsets);

}  // namespace recoup::model
