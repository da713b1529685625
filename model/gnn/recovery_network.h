// The recovery network in LibTorch: the forward pass of model/artifact/network_layout.h, with
// gradients.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "model/artifact/network_layout.h"
#include "model/gnn/batch.h"
#include "model/gnn/dropout.h"
#include "model/gnn/named_network.h"

namespace recoup::model {

/// Returns the relations that carry at least one edge in `inputs`, with the hop they start at
/// (those of hop 1 pass messages in both layers).
std::set<std::pair<int, RelationKey>> RelationsIn(std::span<const EncodedNeighbourhood> inputs);

/// Holds the tensors of network_layout.h under their names there.
/// Threads: Forward without gradients may be called concurrently.
class RecoveryNetwork : public NamedNetwork {
 public:
  /// Draws new weights, by name and seed alone.
  RecoveryNetwork(const FeatureSchema& schema, NetworkWidths widths,
                  const std::set<std::pair<int, RelationKey>>& relations, std::uint64_t seed);

  /// Takes over these weights. REQUIRES: CheckNetwork accepts them.
  RecoveryNetwork(const FeatureSchema& schema, const TensorMap& weights);

  /// Starts at this distribution over the cells, whatever the input.
  void StartAt(std::span<const double> masses);

  /// Shape: returns logits[batch.seeds, 27].
  torch::Tensor Forward(const Batch& batch, const std::optional<NodeDropout>& dropout) const;

 private:
  using Rows = std::array<torch::Tensor, 10>;  // by NodeKind number; undefined without rows

  Rows EmbedRows(const Batch& batch, const std::optional<NodeDropout>& dropout) const;
  Rows FirstLayer(const Batch& batch, const Rows& zero) const;
  torch::Tensor SecondLayer(const Batch& batch, const Rows& first) const;
};

}  // namespace recoup::model
