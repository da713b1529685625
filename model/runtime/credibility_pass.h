// The residual credibility network (model/predictor/credibility.h) without LibTorch, for one loan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/types/result.h"
#include "model/artifact/ensemble.h"
#include "model/artifact/tensor.h"
#include "model/features/feature_schema.h"
#include "model/peers/peer_slots.h"
#include "model/runtime/kernels/peer_penalties.h"
#include "model/runtime/linear.h"

namespace recoup::model {

/// A loan and its resolved peers.
/// Shape: numeric[D], categories[C]; peers (rows of `rows`, -1: empty), years, residuals:
/// [relations * slots], row-major; context[X].
struct CredibilityQuestion {
  std::span<const float> numeric;
  std::span<const std::int32_t> categories;
  const LoanRows* rows = nullptr;
  std::span<const std::int32_t> peers;
  std::span<const float> years;
  std::span<const float> residuals;
  std::span<const float> context;
};

/// Returns the question of row `loan` of `rows`, whose slots are the `position`-th of `slots`.
/// Lifetime: views into the arguments.
CredibilityQuestion QuestionOf(const LoanRows& rows, std::size_t loan, const PeerSlots& slots,
                               std::size_t position, std::span<const float> context = {});

/// A whole network. Sums run in a fixed order, so the same question gives the same bytes in any
/// batch, thread and process.
/// Threads: share freely; a scratch belongs to one thread.
class CredibilityPass {
 public:
  /// What a forecast writes on its way; after the largest question so far nothing is allocated.
  struct Scratch {
    /// What each slot of the last question added. Shape: [relations * slots]. In order they sum to
    /// delta, exactly, in the additive variant, and to its additive part in the deep one.
    std::vector<double> contributions;

   private:
    friend class CredibilityPass;
    std::vector<LoanNumbers> peers;          // of all relations, in order
    std::vector<std::size_t> slots;          // of each peer
    std::vector<std::size_t> relation_ends;  // [R], into peers
    std::vector<float> penalties;            // [peers, kPenaltyHeads] of one quad of heads
    std::vector<double> weights;             // the same, as weights
    std::vector<float> pooled;               // [R, H]
    std::vector<float> evidence;             // [R, H]
    std::vector<float> inputs;               // [I]
    std::vector<float> hidden;               // [Z]
    std::vector<float> block;                // [Z]
  };

  /// Of `shape` only the widths count.
  /// Errors: kDataLoss (as CheckCredibility).
  static Result<CredibilityPass> Make(const TensorMap& weights, CredibilityVariant variant,
                                      const LoanRows& shape, std::size_t relations,
                                      std::size_t context_width);

  /// Returns delta.
  /// REQUIRES: the question has the network's shapes, its peers exist, its numbers are finite.
  double Forecast(const CredibilityQuestion& question, Scratch& scratch) const;

 private:
  CredibilityPass() = default;

  /// kPenaltyHeads of the heads, side by side. Where there are fewer, the rest weighs nothing.
  struct Quad {
    PenaltyMap penalties;
    // [R]
    std::vector<std::array<float, kPenaltyHeads>> decay;         // after softplus
    std::vector<std::array<double, kPenaltyHeads>> kappa;        // after softplus; 1 beyond H
    std::vector<std::array<double, kPenaltyHeads>> coefficient;  // 0 beyond H
  };

  Quad MakeQuad(const TensorMap& weights, std::size_t first_head) const;
  void PackDeep(const TensorMap& weights, const LoanRows& shape);
  void ListPeers(const CredibilityQuestion& question, Scratch& scratch) const;
  void Weigh(const CredibilityQuestion& question, const Quad& quad, Scratch& scratch) const;
  void Split(const Quad& quad, std::size_t relation, Scratch& scratch) const;
  void Pool(const CredibilityQuestion& question, std::size_t quad, Scratch& scratch) const;
  void JoinInputs(const CredibilityQuestion& question, Scratch& scratch) const;
  double Deep(Scratch& scratch) const;

  std::size_t relations_ = 0;
  std::size_t heads_ = 0;
  std::size_t numeric_ = 0;
  std::size_t words_ = 0;
  std::vector<Quad> quads_;

  bool deep_ = false;
  std::vector<std::vector<float>> categories_;  // each [S_c, E]
  Linear hidden_;
  std::vector<float> norm_scale_;
  std::vector<float> norm_shift_;
  Linear block_;
  Linear output_;
};

/// Returns a pass for each seed of an ensemble's network; none if it has no network.
/// Errors: kDataLoss.
Result<std::vector<CredibilityPass>> CredibilityPasses(const Ensemble& ensemble,
                                                       const FeatureSchema& schema);

}  // namespace recoup::model
