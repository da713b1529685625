// The residual credibility network: how much more or less than expected the resolved peers of a
// loan brought in, pooled by relation and believed as far as there is evidence.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "graph/types/result.h"
#include "model/artifact/ensemble.h"
#include "model/artifact/tensor.h"
#include "model/peers/peer_slots.h"

namespace recoup::model {

// For loan i, relation r and head h, over the sampled peers j of i through r:
//
//   w_j    = exp(-softplus(decay[r,h]) years_ij - sum_d softplus(distance[h,d]) |x_id - x_jd|
//                - sum_c softplus(mismatch[h,c]) [category c of i and j differs])
//   pooled = sum_j w_j e_j / (sum_j w_j + softplus(kappa[r,h]))      e_j: residual of the peer
//   additive:  delta = sum over r, h of coefficient[r,h] pooled[r,h]
//   deep:      delta = the same + mlp([x_i; embedded categories; pooled; log1p(sum_j w_j);
//   context])
//
// Without peers pooled is 0. Names and shapes of the tensors: R relations, H heads, D numeric
// columns, C categories of size S_c, X context columns, E = 4, Z hidden width,
// I = D + C E + 2 R H + X. Matrices are [out, in].
//   credibility.decay [R, H], credibility.kappa [R, H], credibility.coefficient [R, H],
//   credibility.distance [H, D], credibility.mismatch [H, C],
//   and if deep: credibility.category.<c> [S_c, E],
//   credibility.hidden.weight [Z, I], credibility.hidden.bias [Z], credibility.norm.scale [Z],
//   credibility.norm.shift [Z] (layer norm, epsilon 1e-5, before the relu),
//   credibility.block.weight [Z, Z], credibility.block.bias [Z] (z += relu(block z)),
//   credibility.output.weight [1, Z], credibility.output.bias [1].

/// Width of the rows that stand for a category's words.
inline constexpr std::int64_t kCredibilityEmbedding = 4;

/// The sizes that the formulas above name.
struct CredibilitySizes {
  std::int64_t relations = 0;                // R
  std::int64_t heads = 0;                    // H
  std::int64_t numeric_width = 0;            // D
  std::vector<std::int32_t> category_sizes;  // S_c, C of them
  std::int64_t context_width = 0;            // X
  std::int64_t hidden_width = 0;             // Z

  std::int64_t input_width() const {  // I
    return numeric_width +
           kCredibilityEmbedding * static_cast<std::int64_t>(category_sizes.size()) +
           2 * relations * heads + context_width;
  }
};

/// Returns name and shape of every tensor of a network of these sizes.
std::map<std::string, std::vector<std::int64_t>> CredibilityShapes(CredibilityVariant variant,
                                                                   const CredibilitySizes& sizes);

/// Shape: loans[n] (rows of LoanRows), slots of n loans, context[n * context_width].
struct CredibilityInputs {
  std::vector<std::uint32_t> loans;
  PeerSlots slots;
  std::size_t context_width = 0;
  std::vector<float> context;  // finite; what else the deep variant may look at
};

struct CredibilityOptions {
  CredibilityVariant variant = CredibilityVariant::kAdditive;
  std::int64_t heads = 4;
  std::int64_t hidden_width = 64;
  std::int64_t batch_size = 512;
  /// A fixed number: stopping early on one year stops too early when the regime turns.
  std::int64_t epochs = 24;
  double learning_rate = 5e-4;
  double weight_decay = 0.1;
  double dropout = 0.3;
  /// Share of peers left out at random in each training step.
  double peer_dropout = 0.2;
  double initial_kappa = 5.0;
  std::uint64_t seed = 1;
  int threads = 2;
};

/// What the loans of `inputs` brought in beyond what was expected of them: the targets.
struct CredibilityTraining {
  const LoanRows* rows = nullptr;
  const CredibilityInputs* inputs = nullptr;
  std::span<const double> targets;
};

/// Checks names, shapes and finiteness. Of `shape` only the widths count.
/// Errors: kDataLoss (names the tensor).
Result<void> CheckCredibility(const TensorMap& weights, CredibilityVariant variant,
                              const LoanRows& shape, std::size_t relations,
                              std::size_t context_width);

}  // namespace recoup::model
