// The residual credibility network in LibTorch: the formulas of model/predictor/credibility.h, with
// gradients.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/gnn/credibility_batch.h"
#include "model/gnn/dropout.h"
#include "model/gnn/named_network.h"

namespace recoup::model {

/// Holds the tensors of credibility.h under their names there.
/// Threads: Forward without gradients may be called concurrently.
class CredibilityNetwork : public NamedNetwork {
 public:
  /// Draws new weights, by name and seed alone. The deep variant starts as the additive one.
  CredibilityNetwork(const CredibilityOptions& options, const CredibilitySizes& sizes);

  /// Takes over these weights. REQUIRES: CheckCredibility accepts them.
  CredibilityNetwork(CredibilityVariant variant, const TensorMap& weights);

  /// Shape: returns delta[batch.loans].
  torch::Tensor Forward(const CredibilityBatch& batch,
                        const std::optional<NodeDropout>& dropout) const;

  /// Returns the tensors that weigh peers, and the others: they learn at different speeds.
  std::vector<torch::Tensor> PoolingParameters() const;
  std::vector<torch::Tensor> DeepParameters() const;

 private:
  // Shape: pooled, evidence: [loans, R H]; evidence is log1p of the peers' weights.
  struct Pooled {
    torch::Tensor pooled;
    torch::Tensor evidence;
  };

  Pooled Pool(const CredibilityBatch& batch) const;
  torch::Tensor Deep(const CredibilityBatch& batch, const Pooled& pooled,
                     const std::optional<NodeDropout>& dropout) const;

  CredibilityVariant variant_;
};

}  // namespace recoup::model
