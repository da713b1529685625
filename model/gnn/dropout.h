// Dropout from counter-based random numbers.
#pragma once

#include <cstdint>
#include <optional>

#include "model/gnn/counter_random.h"
#include "model/gnn/torch_headers.h"

namespace recoup::model {

/// What a training step leaves out at random; absent in evaluation.
struct NodeDropout {
  double rate = 0.0;
  CounterRandom random{0, 0};
};

/// Zeroes a share of `rows` and stretches the rest, so that the mean stays. `place` tells apart the
/// places of one step.
torch::Tensor Drop(const torch::Tensor& rows, const std::optional<NodeDropout>& dropout,
                   std::uint64_t place);

}  // namespace recoup::model
