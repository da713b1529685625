#include "model/runtime/packed_network.h"

#include <utility>

namespace recoup::model {

using graph::NodeKind;

std::size_t PackedNetwork::Slot(const RelationKey& key) {
  const auto direction = static_cast<std::size_t>(key.relation.direction);
  const auto edge = static_cast<std::size_t>(key.relation.kind);
  return ((direction * kEdges + edge) * kKinds + Index(key.parent)) * kKinds + Index(key.child);
}

const Linear* PackedNetwork::Relation(int layer, const RelationKey& key) const {
  const std::size_t slot = Slot(key);
  if (slot >= kSlots) return nullptr;
  const std::uint16_t position = relation_slots_[static_cast<std::size_t>(layer - 1)][slot];
  return position == 0 ? nullptr : &relations_[position - 1U];
}

void PackedNetwork::PackRelations(const TensorMap& weights) {
  for (int layer = 1; layer <= 2; ++layer) {
    auto& slots = relation_slots_[static_cast<std::size_t>(layer - 1)];
    slots.assign(kSlots, 0);
    for (const RelationKey& key : AllRelations()) {
      const auto found = weights.find(RelationWeightName(layer, RelationName(key)));
      if (found == weights.end()) continue;
      relations_.push_back(Transposed(found->second));
      slots[Slot(key)] = static_cast<std::uint16_t>(relations_.size());
    }
  }
}

Result<PackedNetwork> PackedNetwork::Pack(const TensorMap& weights, const FeatureSchema& schema) {
  RECOUP_TRY(CheckNetwork(weights, schema));
  PackedNetwork network;
  for (const NodeKind kind : graph::kAllNodeKinds) {
    KindInput& input = network.inputs_[Index(kind)];
    input.numeric = WithBias(weights, InputWeightName(kind), InputBiasName(kind));
    for (std::size_t c = 0; c < schema.Of(kind).categories.size(); ++c) {
      input.categories.push_back(weights.at(InputCategoryName(kind, c)).values);
    }
    network.first_self_[Index(kind)] =
        WithBias(weights, SelfWeightName(1, kind), SelfBiasName(1, kind));
  }
  network.second_self_ =
      WithBias(weights, SelfWeightName(2, NodeKind::kLoan), SelfBiasName(2, NodeKind::kLoan));
  network.head_hidden_ =
      WithBias(weights, std::string(kHeadHiddenWeight), std::string(kHeadHiddenBias));
  network.head_output_ =
      WithBias(weights, std::string(kHeadOutputWeight), std::string(kHeadOutputBias));
  network.hidden_width_ = network.second_self_.out;
  network.PackRelations(weights);
  return network;
}

}  // namespace recoup::model
