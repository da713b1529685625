// The network's weights in the order in which the forward pass reads them.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "model/artifact/network_layout.h"
#include "model/runtime/linear.h"
#include "model/runtime/relation_slots.h"

namespace recoup::model {

/// How rows of one kind enter the network.
struct KindInput {
  Linear numeric;
  std::vector<std::vector<float>> categories;  // each [size][hidden]
};

/// A whole network.
/// Threads: share freely once packed.
class PackedNetwork {
 public:
  /// Errors: kDataLoss (the network is not whole for `schema`).
  static Result<PackedNetwork> Pack(const TensorMap& weights, const FeatureSchema& schema);

  std::size_t hidden_width() const { return hidden_width_; }
  std::size_t context_width() const { return head_hidden_.in - 2 * hidden_width_; }
  const KindInput& Input(graph::NodeKind kind) const { return inputs_[Index(kind)]; }
  const Linear& FirstSelf(graph::NodeKind kind) const { return first_self_[Index(kind)]; }
  const Linear& SecondSelf() const { return second_self_; }
  const Linear& HeadHidden() const { return head_hidden_; }
  const Linear& HeadOutput() const { return head_output_; }
  /// Returns the relation's map in layer 1 or 2, or null if it passes no messages there.
  const Linear* Relation(int layer, const RelationKey& key) const {
    return slots_[static_cast<std::size_t>(layer - 1)].Find(key, relations_);
  }

 private:
  static constexpr std::size_t kKinds = 10;  // by number; 0 stays empty

  static std::size_t Index(graph::NodeKind kind) { return static_cast<std::size_t>(kind); }

  PackedNetwork() = default;
  void PackRelations(const TensorMap& weights);

  std::size_t hidden_width_ = 0;
  std::array<KindInput, kKinds> inputs_;
  std::array<Linear, kKinds> first_self_;
  Linear second_self_;
  Linear head_hidden_;
  Linear head_output_;
  std::array<RelationSlots, 2> slots_;  // of relations_, by layer
  std::vector<Linear> relations_;
};

}  // namespace recoup::model
