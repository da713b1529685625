// Loans and their resolved peers as tensors: what one step of the credibility network works on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/gnn/counter_random.h"
#include "model/gnn/torch_headers.h"
#include "model/predictor/credibility.h"

namespace recoup::model {

/// Which peers a training step leaves out.
struct PeerDropout {
  double rate = 0.0;
  CounterRandom random{0, 0};
};

/// Empty slots and peers left out do not appear. Nothing here depends on the weights, so no
/// gradient passes through it.
struct CredibilityBatch {
  /// Peers through one relation, by loan. Shape: differences[m, 1 + D + C] (years, |x_i - x_j|,
  /// 1 where a category differs), residuals[m, 1], offsets[loans + 1] (int32).
  struct Relation {
    torch::Tensor differences;
    torch::Tensor residuals;
    torch::Tensor offsets;
  };

  std::int64_t loans = 0;
  std::vector<Relation> relations;
  torch::Tensor numeric;                  // [loans, D]
  std::vector<torch::Tensor> categories;  // one a category: int64 [loans]
  torch::Tensor context;                  // [loans, X]
};

/// Gathers the loans at `picks` (positions in `inputs`).
/// REQUIRES: the inputs fit the rows.
CredibilityBatch MakeCredibilityBatch(const LoanRows& rows, const CredibilityInputs& inputs,
                                      std::span<const std::uint32_t> picks,
                                      const PeerDropout& dropout = {});

}  // namespace recoup::model
