// The recovery network's tensors: names and shapes, agreed between training and every runtime.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/schema/edge_kind.h"
#include "graph/schema/node_kind.h"
#include "graph/types/result.h"
#include "model/artifact/tensor.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

// The forward pass, for a batch of loans (H = hidden width; rows x and the context, X wide, are
// EncodedNeighbourhood's):
//
//   h0[kind]  = relu(input.<kind>.weight x + input.<kind>.bias + sum_c
//   input.<kind>.category.<c>[index_c]) h1[inner] = relu(layer1.self.<kind>.weight h0 +
//   layer1.self.<kind>.bias
//                    + sum over relations r of hop 1 and 2 that end in the node:
//                        layer1.<r>.weight * mean over its children (edge weight * h0[child]))
//   h2[seed]  = relu(layer2.self.loan.weight h1 + layer2.self.loan.bias
//                    + sum over relations r of hop 1: layer2.<r>.weight * mean (edge weight *
//                    h1[child]))
//   z         = relu(head.hidden.weight [h0[seed]; h2[seed]; context] + head.hidden.bias)
//   logits    = head.output.weight z + head.output.bias          (27: atom at 0, 25 bins, atom at
//   1) forecast  = softmax(logits)
//
// A mean over no children is 0. Relations of hop 1 start at loans; those of hop 2 at inner nodes.
// Weights are [out, in], row-major.

/// A relation together with the kinds it joins: what a relation's weights belong to.
struct RelationKey {
  graph::Relation relation;
  graph::NodeKind parent = graph::NodeKind::kLoan;
  graph::NodeKind child = graph::NodeKind::kLoan;

  constexpr auto operator<=>(const RelationKey&) const = default;
};

/// Returns every relation that the schema allows, ascending.
std::span<const RelationKey> AllRelations();

/// Returns `out.borrows.party.loan`: direction, edge kind, parent kind, child kind.
std::string RelationName(graph::Relation relation, graph::NodeKind parent, graph::NodeKind child);

std::string RelationName(const RelationKey& key);

std::string InputWeightName(graph::NodeKind kind);                           // [H, numeric_width]
std::string InputBiasName(graph::NodeKind kind);                             // [H]
std::string InputCategoryName(graph::NodeKind kind, std::size_t index);      // [size, H]
std::string SelfWeightName(int layer, graph::NodeKind kind);                 // [H, H]
std::string SelfBiasName(int layer, graph::NodeKind kind);                   // [H]
std::string RelationWeightName(int layer, std::string_view relation);        // [H, H]
inline constexpr std::string_view kHeadHiddenWeight = "head.hidden.weight";  // [Z, 2 H + X]
inline constexpr std::string_view kHeadHiddenBias = "head.hidden.bias";      // [Z]
inline constexpr std::string_view kHeadOutputWeight = "head.output.weight";  // [27, Z]
inline constexpr std::string_view kHeadOutputBias = "head.output.bias";      // [27]

/// The sizes that a network may choose freely.
struct NetworkWidths {
  std::int64_t hidden = 0;   // H
  std::int64_t head = 0;     // Z
  std::int64_t context = 0;  // X

  bool operator==(const NetworkWidths&) const = default;
};

/// Reads the sizes off the head's tensors.
/// Errors: kDataLoss (they are missing or disagree).
Result<NetworkWidths> WidthsOf(const TensorMap& weights);

/// Returns name and shape of every tensor that a network for `schema` must have; those of
/// relations (AllRelations; layer 2: those whose parent is a loan) may come in addition.
std::map<std::string, std::vector<std::int64_t>> RequiredShapes(const FeatureSchema& schema,
                                                                NetworkWidths widths);

/// Checks that `weights` is a whole network for `schema`: every tensor present, shapes agreeing,
/// every number finite, nothing unknown. A relation without tensors passes no messages.
/// Errors: kDataLoss (names the tensor and both shapes).
Result<void> CheckNetwork(const TensorMap& weights, const FeatureSchema& schema);

}  // namespace recoup::model
