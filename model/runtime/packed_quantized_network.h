// The quantized network in the order in which the kernels read it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/artifact/quantized_network.h"
#include "model/runtime/kernels/quantized_rows.h"
#include "model/runtime/relation_slots.h"

namespace recoup::model {

/// A map together with what its sums start from.
struct PackedLayer {
  PackedMap map;
  AlignedVector<float> bias;  // [map.out]
};

/// A whole network; 4 bits are unpacked into bytes, which is what processors multiply.
/// Threads: share freely once packed.
class PackedQuantizedNetwork {
 public:
  /// REQUIRES: CheckQuantizedNetwork accepts the network.
  explicit PackedQuantizedNetwork(const QuantizedNetwork& network);

  std::uint8_t bits() const { return bits_; }
  /// Bytes of a row of h0, h1 or h2: the hidden width with its padding.
  std::size_t row_width() const { return row_width_; }
  std::size_t head_width() const { return head_width_; }
  std::size_t context_width() const { return context_width_; }
  /// 255 / levels of rows of h0 and h1.
  float gain() const { return gain_; }

  const PackedInput& Input(graph::NodeKind kind) const { return inputs_[Index(kind)]; }
  const PackedLayer& FirstSelf(graph::NodeKind kind) const { return first_self_[Index(kind)]; }
  const PackedSteps& FirstSteps(graph::NodeKind kind) const { return first_steps_[Index(kind)]; }
  const PackedLayer& SecondSelf() const { return second_self_; }
  const PackedSteps& SecondSteps() const { return second_steps_; }
  /// Head: the loan's h0 starts the sums, h2 and the context come on top.
  const PackedLayer& HeadZero() const { return head_zero_; }
  const PackedMap& HeadSecond() const { return head_second_; }
  const AlignedVector<float>& HeadContext() const { return head_context_; }  // [X][head_width]
  const PackedSteps& HeadSteps() const { return head_steps_; }
  const PackedLayer& Output() const { return output_; }
  /// Returns the relation's map in layer 1 or 2, or null if it passes no messages there.
  const PackedMap* Relation(int layer, const RelationKey& key) const {
    return slots_[static_cast<std::size_t>(layer - 1)].Find(key, relations_);
  }

 private:
  static std::size_t Index(graph::NodeKind kind) { return static_cast<std::size_t>(kind); }

  void PackKind(const QuantizedNetwork& network, graph::NodeKind kind);
  void PackHead(const QuantizedNetwork& network);

  std::uint8_t bits_;
  std::size_t row_width_;
  std::size_t head_width_;
  std::size_t context_width_;
  float gain_;
  std::array<PackedInput, QuantizedNetwork::kKinds> inputs_;
  std::array<PackedLayer, QuantizedNetwork::kKinds> first_self_;
  std::array<PackedSteps, QuantizedNetwork::kKinds> first_steps_;
  PackedLayer second_self_;
  PackedSteps second_steps_;
  PackedLayer head_zero_;
  PackedMap head_second_;
  AlignedVector<float> head_context_;
  PackedSteps head_steps_;
  PackedLayer output_;
  std::array<RelationSlots, 2> slots_;
  std::vector<PackedMap> relations_;
};

}  // namespace recoup::model
