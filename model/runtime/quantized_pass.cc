#include "model/runtime/quantized_pass.h"

#include <algorithm>

namespace recoup::model {
namespace {

using graph::NodeKind;

MessageEdges EdgesOf(const RelationRows& edges, const std::uint8_t* rows, float gain) {
  return {
      rows, edges.parents.data(), edges.children.data(), edges.weights.data(), edges.parents.size(),
      gain};
}

}  // namespace

void QuantizedPass::LayOut(const EncodedNeighbourhood& input) {
  const std::size_t width = network_->row_width();
  std::size_t rows = 0;
  std::size_t inner_rows = 0;
  for (const NodeKind kind : graph::kAllNodeKinds) {
    const auto k = static_cast<std::size_t>(kind);
    zero_begin_[k] = rows;
    first_begin_[k] = inner_rows;
    rows += input.Of(kind).rows;
    inner_rows += input.Of(kind).inner_rows;
  }
  // resize keeps the capacity: after the largest loan so far nothing is allocated any more.
  zero_.resize(rows * width);
  first_sums_.resize(inner_rows * width);
  first_.resize(inner_rows * width);
  sums_.resize(std::max(width, network_->head_width()));
  second_.resize(width);
  head_.resize(network_->head_width());
  logits_.resize(network_->Output().map.out);
}

void QuantizedPass::FirstLayer(const EncodedNeighbourhood& input) {
  for (const NodeKind kind : graph::kAllNodeKinds) {
    const std::size_t inner = input.Of(kind).inner_rows;
    if (inner == 0) continue;
    const PackedLayer& self = network_->FirstSelf(kind);
    StartRows(self.map, self.bias.data(), ZeroRows(kind), inner,
              first_sums_.data() + FirstBegin(kind));
  }
  for (const RelationRows& edges : input.relations) {
    const PackedMap* map =
        network_->Relation(1, {edges.relation, edges.parent_kind, edges.child_kind});
    if (map == nullptr) continue;
    AddMessages(*map, EdgesOf(edges, ZeroRows(edges.child_kind), network_->gain()), scratch_,
                first_sums_.data() + FirstBegin(edges.parent_kind));
  }
  for (const NodeKind kind : graph::kAllNodeKinds) {
    const std::size_t begin = FirstBegin(kind);
    FinishRows(network_->FirstSteps(kind), first_sums_.data() + begin, input.Of(kind).inner_rows,
               network_->row_width(), first_.data() + begin);
  }
}

void QuantizedPass::SecondLayer(const EncodedNeighbourhood& input) {
  const PackedLayer& self = network_->SecondSelf();
  StartRows(self.map, self.bias.data(), first_.data() + FirstBegin(NodeKind::kLoan), 1,
            sums_.data());
  for (const RelationRows& edges : input.relations) {
    const PackedMap* map =
        network_->Relation(2, {edges.relation, edges.parent_kind, edges.child_kind});
    if (edges.hop != 1 || map == nullptr) continue;
    // All start at the one loan, which is row 0.
    const std::uint8_t* rows = first_.data() + FirstBegin(edges.child_kind);
    AddMessages(*map, EdgesOf(edges, rows, network_->gain()), scratch_, sums_.data());
  }
  FinishRows(network_->SecondSteps(), sums_.data(), 1, network_->row_width(), second_.data());
}

void QuantizedPass::Head(std::span<const float> context) {
  const PackedLayer& zero = network_->HeadZero();
  StartRows(zero.map, zero.bias.data(), ZeroRows(NodeKind::kLoan), 1, sums_.data());
  AddRow(network_->HeadSecond(), second_.data(), sums_.data());
  AddFloats(context.data(), context.size(), network_->HeadContext().data(), network_->head_width(),
            sums_.data());
  FinishRows(network_->HeadSteps(), sums_.data(), 1, network_->head_width(), head_.data());
  const PackedLayer& output = network_->Output();
  StartRows(output.map, output.bias.data(), head_.data(), 1, logits_.data());
}

std::span<const float, kRecoveryCells> QuantizedPass::Run(const EncodedNeighbourhood& input) {
  LayOut(input);
  for (const NodeKind kind : graph::kAllNodeKinds) {
    const KindRows& rows = input.Of(kind);
    if (rows.rows == 0) continue;
    EmbedRows(network_->Input(kind), rows.numeric.data(), rows.categories.data(), rows.rows,
              scratch_, ZeroRows(kind));
  }
  FirstLayer(input);
  SecondLayer(input);
  Head(input.context);
  return std::span<const float, kRecoveryCells>(logits_.data(), kRecoveryCells);
}

}  // namespace recoup::model
