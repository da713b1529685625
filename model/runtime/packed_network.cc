#include "model/runtime/packed_network.h"

#include <utility>

namespace recoup::model {

using graph::NodeKind;

void PackedNetwork::PackRelations(const TensorMap& weights) {
  for (int layer = 1; layer <= 2; ++layer) {
    RelationSlots& slots = slots_[static_cast<std::size_t>(layer - 1)];
    for (const RelationKey& key : AllRelations()) {
      const auto found = weights.find(RelationWeightName(layer, RelationName(key)));
      if (found == weights.end()) continue;
      slots.Set(key, relations_.size());
      relations_.push_back(Transposed(found->second));
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
