// A training set cut to the trainer's measure: joined neighbourhoods and smoothed targets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/gnn/torch_headers.h"
#include "model/predictor/network_plugin.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Lifetime: must not outlive the set's inputs.
class Examples {
 public:
  explicit Examples(const TrainingSet& set);

  std::size_t size() const { return inputs_.size(); }

  EncodedNeighbourhood Join(std::span<const std::uint32_t> picks) const;

  /// Shape: returns [picks, 27].
  torch::Tensor Targets(std::span<const std::uint32_t> picks) const;

 private:
  std::span<const EncodedNeighbourhood> inputs_;
  std::vector<std::array<float, kRecoveryCells>> targets_;
};

}  // namespace recoup::model
