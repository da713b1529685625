// The fp32 network's layers for LayerwisePass.
#pragma once

#include <cstddef>
#include <span>

#include "model/features/encoded_neighbourhood.h"
#include "model/runtime/kernels/aligned_vector.h"
#include "model/runtime/layerwise_pass.h"
#include "model/runtime/packed_network.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Threads: share freely, with a scratch each. Lifetime: must not outlive the network.
class FloatLayers {
 public:
  using Cell = float;
  using Map = Linear;
  struct Scratch {
    AlignedVector<float> means;  // of the parents that have children
    AlignedVector<float> sums;   // theirs
  };

  explicit FloatLayers(const PackedNetwork& network) : network_(network) {}

  std::size_t width() const { return network_.hidden_width(); }
  std::size_t head_width() const { return network_.HeadHidden().out; }
  std::size_t context_width() const { return network_.context_width(); }
  const Linear* Relation(int layer, const RelationKey& key) const {
    return network_.Relation(layer, key);
  }

  /// Writes h0 of rows [range.begin, range.end) to their places in `out`.
  void Embed(graph::NodeKind kind, const KindRows& rows, RowRange range, Scratch& scratch,
             float* out) const;
  /// Start: writes the sums with which `count` rows of a layer begin; the rows are those below.
  /// Finish: turns sums into rows. Shape: rows and sums [count][width()].
  void StartFirst(graph::NodeKind kind, const float* zero, std::size_t count, float* sums) const;
  void AddMessages(const Linear& map, const LayerMessages<float>& messages, Scratch& scratch,
                   float* sums) const;
  void FinishFirst(graph::NodeKind kind, float* sums, std::size_t count, float* first) const;
  void StartSecond(const float* first, std::size_t count, float* sums) const;
  void FinishSecond(float* sums, std::size_t count, float* second) const;
  /// Shape: sums[count][head_width()].
  void StartHead(const float* zero, const float* second, std::size_t count, float* sums) const;

  /// Finishes the head of one loan. Shape: sums[head_width()], context[context_width()].
  void Head(const float* sums, std::span<const float> context,
            std::span<float, kRecoveryCells> logits) const;

 private:
  const PackedNetwork& network_;
};

}  // namespace recoup::model
