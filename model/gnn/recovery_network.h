// The recovery network in LibTorch: the forward pass of model/artifact/network_layout.h, with
// gradients.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "model/artifact/network_layout.h"
#include "model/gnn/batch.h"
#include "model/gnn/torch_headers.h"

namespace recoup::model {

/// Returns the relations that carry at least one edge in `inputs`, with the hop they start at
/// (those of hop 1 pass messages in both layers).
std::set<std::pair<int, RelationKey>> RelationsIn(std::span<const EncodedNeighbourhood> inputs);

/// What a training step leaves out at random; absent in evaluation.
struct NodeDropout {
  double rate = 0.0;
  CounterRandom random{0, 0};
};

/// Holds the tensors of network_layout.h under their names there.
/// Threads: Forward without gradients may be called concurrently.
class RecoveryNetwork : public torch::nn::Module {
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

  /// Returns a copy of the weights as they are now.
  TensorMap Weights() const;

 private:
  using Rows = std::array<torch::Tensor, 10>;  // by NodeKind number; undefined without rows

  void Hold(const std::string& name, torch::Tensor values);
  const torch::Tensor& At(const std::string& name) const { return tensors_.at(name); }
  torch::Tensor Affine(const torch::Tensor& rows, const std::string& weight,
                       const std::string& bias) const;
  Rows EmbedRows(const Batch& batch, const std::optional<NodeDropout>& dropout) const;
  Rows FirstLayer(const Batch& batch, const Rows& zero) const;
  torch::Tensor SecondLayer(const Batch& batch, const Rows& first) const;

  std::map<std::string, torch::Tensor> tensors_;  // the registered parameters, by layout name
};

}  // namespace recoup::model
