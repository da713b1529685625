#include "model/training/examples.h"

#include <algorithm>

#include "model/training/target_smoothing.h"

namespace recoup::model {

Examples::Examples(const TrainingSet& set) : inputs_(set.inputs) {
  targets_.reserve(set.recovery_rates.size());
  for (const double rate : set.recovery_rates) {
    const auto target = SmoothTarget(rate);
    std::transform(target.begin(), target.end(), targets_.emplace_back().begin(),
                   [](double mass) { return static_cast<float>(mass); });
  }
}

EncodedNeighbourhood Examples::Join(std::span<const std::uint32_t> picks) const {
  std::vector<const EncodedNeighbourhood*> parts;
  parts.reserve(picks.size());
  for (const std::uint32_t pick : picks) parts.push_back(&inputs_[pick]);
  return Collate(parts);
}

torch::Tensor Examples::Targets(std::span<const std::uint32_t> picks) const {
  torch::Tensor targets = torch::empty(
      {static_cast<std::int64_t>(picks.size()), static_cast<std::int64_t>(kRecoveryCells)});
  float* out = targets.data_ptr<float>();
  for (const std::uint32_t pick : picks) {
    out = std::copy(targets_[pick].begin(), targets_[pick].end(), out);
  }
  return targets;
}

}  // namespace recoup::model
