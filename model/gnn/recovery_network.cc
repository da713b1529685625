#include "model/gnn/recovery_network.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/valuation/recovery_forecast.h"

namespace recoup::model {
namespace {

using graph::NodeKind;

std::size_t Index(NodeKind kind) { return static_cast<std::size_t>(kind); }

// Uniform within +-bound (He et al. 2015, with a smaller gain: many relations add up in one node).
double InitialBound(const std::string& name, const std::vector<std::int64_t>& shape) {
  if (shape.size() == 1) return 0.0;  // biases start at zero
  if (name.find(".category.") != std::string::npos) return 0.1;
  const bool adds_up = name.starts_with("layer") && name.find(".self.") == std::string::npos;
  const double gain = adds_up || name == kHeadOutputWeight ? 1.0 : 3.0;
  return std::sqrt(gain / static_cast<double>(shape[1]));
}

}  // namespace

std::set<std::pair<int, RelationKey>> RelationsIn(std::span<const EncodedNeighbourhood> inputs) {
  std::set<std::pair<int, RelationKey>> seen;
  for (const EncodedNeighbourhood& input : inputs) {
    for (const RelationRows& rows : input.relations) {
      if (rows.parents.empty()) continue;
      seen.insert({rows.hop, {rows.relation, rows.parent_kind, rows.child_kind}});
    }
  }
  return seen;
}

RecoveryNetwork::RecoveryNetwork(const FeatureSchema& schema, NetworkWidths widths,
                                 const std::set<std::pair<int, RelationKey>>& relations,
                                 std::uint64_t seed) {
  auto shapes = RequiredShapes(schema, widths);
  for (const auto& [hop, key] : relations) {
    for (int layer = 1; layer <= (hop == 1 ? 2 : 1); ++layer) {
      shapes[RelationWeightName(layer, RelationName(key))] = {widths.hidden, widths.hidden};
    }
  }
  for (const auto& [name, shape] : shapes) {
    Hold(name, DrawAround(0.0, InitialBound(name, shape), name, shape, seed));
  }
}

RecoveryNetwork::RecoveryNetwork(const FeatureSchema&, const TensorMap& weights) {
  HoldAll(weights);
}

void RecoveryNetwork::StartAt(std::span<const double> masses) {
  const torch::NoGradGuard no_gradient;
  float* bias = At(std::string(kHeadOutputBias)).data_ptr<float>();
  std::transform(masses.begin(), masses.end(), bias,
                 [](double mass) { return static_cast<float>(std::log(mass)); });
}

RecoveryNetwork::Rows RecoveryNetwork::EmbedRows(const Batch& batch,
                                                 const std::optional<NodeDropout>& dropout) const {
  Rows zero;
  for (const NodeKind kind : graph::kAllNodeKinds) {
    const Batch::Kind& rows = batch.Of(kind);
    if (rows.rows == 0) continue;
    torch::Tensor sums = Affine(rows.numeric, InputWeightName(kind), InputBiasName(kind));
    for (std::size_t c = 0; c < rows.categories.size(); ++c) {
      sums = AddCategory(sums, At(InputCategoryName(kind, c)), rows.categories[c]);
    }
    zero[Index(kind)] = Drop(torch::relu(sums), dropout, Index(kind));
  }
  return zero;
}

RecoveryNetwork::Rows RecoveryNetwork::FirstLayer(const Batch& batch, const Rows& zero) const {
  Rows sums;
  for (const NodeKind kind : graph::kAllNodeKinds) {
    // Rows of the second hop only send; computing them here would double the work.
    const std::int64_t inner_rows = batch.Of(kind).inner_rows;
    if (inner_rows == 0) continue;
    sums[Index(kind)] = Affine(zero[Index(kind)].narrow(0, 0, inner_rows), SelfWeightName(1, kind),
                               SelfBiasName(1, kind));
  }
  for (const Batch::Relation& relation : batch.relations) {
    const torch::Tensor* weight = Find(RelationWeightName(1, RelationName(relation.key)));
    if (weight == nullptr) continue;
    torch::Tensor& parents = sums[Index(relation.key.parent)];
    parents = AddMessages(parents, zero[Index(relation.key.child)], *weight, relation.edges);
  }
  for (torch::Tensor& rows : sums) {
    if (rows.defined()) rows = torch::relu(rows);
  }
  return sums;
}

torch::Tensor RecoveryNetwork::SecondLayer(const Batch& batch, const Rows& first) const {
  torch::Tensor sums = Affine(first[Index(NodeKind::kLoan)].narrow(0, 0, batch.seeds),
                              SelfWeightName(2, NodeKind::kLoan), SelfBiasName(2, NodeKind::kLoan));
  for (const Batch::Relation& relation : batch.relations) {
    const torch::Tensor* weight = Find(RelationWeightName(2, RelationName(relation.key)));
    if (relation.hop != 1 || weight == nullptr) continue;
    sums = AddMessages(sums, first[Index(relation.key.child)], *weight, relation.edges);
  }
  return torch::relu(sums);
}

torch::Tensor RecoveryNetwork::Forward(const Batch& batch,
                                       const std::optional<NodeDropout>& dropout) const {
  const Rows zero = EmbedRows(batch, dropout);
  const torch::Tensor second = SecondLayer(batch, FirstLayer(batch, zero));
  const torch::Tensor own = zero[Index(NodeKind::kLoan)].narrow(0, 0, batch.seeds);
  const torch::Tensor hidden =
      torch::relu(Affine(torch::cat({own, second, batch.context}, 1),
                         std::string(kHeadHiddenWeight), std::string(kHeadHiddenBias)));
  return Affine(Drop(hidden, dropout, 0), std::string(kHeadOutputWeight),
                std::string(kHeadOutputBias));
}

}  // namespace recoup::model
