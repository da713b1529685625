// The integer network's layers for LayerwisePass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/features/encoded_neighbourhood.h"
#include "model/runtime/kernels/aligned_vector.h"
#include "model/runtime/layerwise_pass.h"
#include "model/runtime/packed_quantized_network.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// As FloatLayers, in bytes. REQUIRES: no node has more than kMostChildren of one relation.
/// Threads: share freely, with a scratch each. Lifetime: must not outlive the network.
class QuantizedLayers {
 public:
  using Cell = std::uint8_t;
  using Map = PackedMap;
  struct Scratch {
    RowScratch rows;
    AlignedVector<float> ones;  // weights where every weight is 1
  };

  explicit QuantizedLayers(const PackedQuantizedNetwork& network) : network_(network) {}

  std::size_t width() const { return network_.row_width(); }
  std::size_t head_width() const { return network_.head_width(); }
  std::size_t context_width() const { return network_.context_width(); }
  const PackedMap* Relation(int layer, const RelationKey& key) const {
    return network_.Relation(layer, key);
  }

  void Embed(graph::NodeKind kind, const KindRows& rows, RowRange range, Scratch& scratch,
             std::uint8_t* out) const;
  void StartFirst(graph::NodeKind kind, const std::uint8_t* zero, std::size_t count,
                  float* sums) const;
  void AddMessages(const PackedMap& map, const LayerMessages<std::uint8_t>& messages,
                   Scratch& scratch, float* sums) const;
  void FinishFirst(graph::NodeKind kind, const float* sums, std::size_t count,
                   std::uint8_t* first) const;
  void StartSecond(const std::uint8_t* first, std::size_t count, float* sums) const;
  void FinishSecond(const float* sums, std::size_t count, std::uint8_t* second) const;
  void StartHead(const std::uint8_t* zero, const std::uint8_t* second, std::size_t count,
                 float* sums) const;
  void Head(const float* sums, std::span<const float> context,
            std::span<float, kRecoveryCells> logits) const;

 private:
  const PackedQuantizedNetwork& network_;
};

}  // namespace recoup::model
