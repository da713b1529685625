#include "model/runtime/forward_pass.h"

#include <algorithm>

namespace recoup::model {
namespace {

using graph::NodeKind;

std::size_t Index(NodeKind kind) { return static_cast<std::size_t>(kind); }

}  // namespace

float* ForwardPass::ZeroRow(NodeKind kind, std::size_t row) {
  return zero_.data() + (zero_begin_[Index(kind)] + row) * network_.hidden_width();
}

float* ForwardPass::FirstRow(NodeKind kind, std::size_t row) {
  return first_.data() + (first_begin_[Index(kind)] + row) * network_.hidden_width();
}

namespace {

// The part of `rows` that belongs to a kind. Kinds follow one another in the order of numbers.
template <std::size_t kKinds>
std::span<const float> PartOf(const std::vector<float>& rows,
                              const std::array<std::size_t, kKinds>& begins, NodeKind kind,
                              std::size_t width) {
  const std::size_t begin = begins[Index(kind)] * width;
  const bool last = kind == graph::kAllNodeKinds.back();
  const std::size_t end = last ? rows.size() : begins[Index(kind) + 1] * width;
  return std::span(rows).subspan(begin, end - begin);
}

}  // namespace

std::span<const float> ForwardPass::ZeroRows(NodeKind kind) const {
  return PartOf(zero_, zero_begin_, kind, network_.hidden_width());
}

std::span<const float> ForwardPass::FirstRows(NodeKind kind) const {
  return PartOf(first_, first_begin_, kind, network_.hidden_width());
}

void ForwardPass::LayOut(const EncodedNeighbourhood& input) {
  const std::size_t width = network_.hidden_width();
  std::size_t rows = 0;
  std::size_t inner_rows = 0;
  for (const NodeKind kind : graph::kAllNodeKinds) {
    zero_begin_[Index(kind)] = rows;
    first_begin_[Index(kind)] = inner_rows;
    rows += input.Of(kind).rows;
    inner_rows += input.Of(kind).inner_rows;
  }
  // resize keeps the capacity: after the largest loan so far nothing is allocated any more.
  zero_.resize(rows * width);
  first_.resize(inner_rows * width);
  second_.resize(width);
  message_.resize(width);
  joined_.resize(network_.HeadHidden().in);
  head_.resize(network_.HeadHidden().out);
}

void ForwardPass::EmbedRows(const EncodedNeighbourhood& input) {
  const std::size_t width = network_.hidden_width();
  for (const NodeKind kind : graph::kAllNodeKinds) {
    const KindRows& rows = input.Of(kind);
    const KindInput& weights = network_.Input(kind);
    const std::size_t categories = weights.categories.size();
    for (std::size_t row = 0; row < rows.rows; ++row) {
      float* h = ZeroRow(kind, row);
      StartWithBias(weights.numeric, h);
      AddLinear(weights.numeric, rows.numeric.data() + row * weights.numeric.in, h);
      for (std::size_t c = 0; c < categories; ++c) {
        const auto word = static_cast<std::size_t>(rows.categories[row * categories + c]);
        AddScaled(h, weights.categories[c].data() + word * width, 1.0F, width);
      }
      Relu(h, width);
    }
  }
}

template <typename ChildRow, typename ParentRow>
void ForwardPass::PassMessages(const RelationRows& edges, const Linear& linear,
                               const ChildRow& child_row, const ParentRow& parent_row) {
  const std::size_t count = edges.parents.size();
  for (std::size_t begin = 0; begin < count;) {
    std::size_t end = begin;
    std::fill(message_.begin(), message_.end(), 0.0F);
    for (; end < count && edges.parents[end] == edges.parents[begin]; ++end) {
      AddScaled(message_.data(), child_row(edges.children[end]), edges.weights[end],
                message_.size());
    }
    const float share = 1.0F / static_cast<float>(end - begin);
    for (float& value : message_) value *= share;
    AddLinear(linear, message_.data(), parent_row(edges.parents[begin]));
    begin = end;
  }
}

void ForwardPass::FirstLayer(const EncodedNeighbourhood& input) {
  for (const NodeKind kind : graph::kAllNodeKinds) {
    const Linear& self = network_.FirstSelf(kind);
    for (std::size_t row = 0; row < input.Of(kind).inner_rows; ++row) {
      StartWithBias(self, FirstRow(kind, row));
      AddLinear(self, ZeroRow(kind, row), FirstRow(kind, row));
    }
  }
  for (const RelationRows& edges : input.relations) {
    const Linear* linear =
        network_.Relation(1, {edges.relation, edges.parent_kind, edges.child_kind});
    if (linear == nullptr) continue;
    PassMessages(
        edges, *linear, [&](std::size_t row) { return ZeroRow(edges.child_kind, row); },
        [&](std::size_t row) { return FirstRow(edges.parent_kind, row); });
  }
  Relu(first_.data(), first_.size());
}

void ForwardPass::SecondLayer(const EncodedNeighbourhood& input) {
  StartWithBias(network_.SecondSelf(), second_.data());
  AddLinear(network_.SecondSelf(), FirstRow(NodeKind::kLoan, 0), second_.data());
  for (const RelationRows& edges : input.relations) {
    const Linear* linear =
        network_.Relation(2, {edges.relation, edges.parent_kind, edges.child_kind});
    if (edges.hop != 1 || linear == nullptr) continue;
    PassMessages(
        edges, *linear, [&](std::size_t row) { return FirstRow(edges.child_kind, row); },
        [&](std::size_t) { return second_.data(); });
  }
  Relu(second_.data(), second_.size());
}

void ForwardPass::Head(std::span<const float> context) {
  const std::size_t width = network_.hidden_width();
  const float* loan = ZeroRow(NodeKind::kLoan, 0);
  auto joined = std::copy(loan, loan + width, joined_.begin());
  joined = std::copy(second_.begin(), second_.end(), joined);
  std::copy(context.begin(), context.end(), joined);
  StartWithBias(network_.HeadHidden(), head_.data());
  AddLinear(network_.HeadHidden(), joined_.data(), head_.data());
  Relu(head_.data(), head_.size());
  StartWithBias(network_.HeadOutput(), logits_.data());
  AddLinear(network_.HeadOutput(), head_.data(), logits_.data());
}

std::span<const float, kRecoveryCells> ForwardPass::Run(const EncodedNeighbourhood& input) {
  LayOut(input);
  EmbedRows(input);
  FirstLayer(input);
  SecondLayer(input);
  Head(input.context);
  return logits_;
}

}  // namespace recoup::model
