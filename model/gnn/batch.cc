#include "model/gnn/batch.h"

#include <utility>

namespace recoup::model {
namespace {

using graph::NodeKind;

torch::Tensor Copy(const std::vector<std::int32_t>& values) {
  return torch::tensor(values, torch::kInt32);
}

// The caller's memory as a tensor. LibTorch has no read-only tensors; nothing writes to it.
torch::Tensor View(const std::vector<float>& values, std::int64_t rows, std::int64_t width) {
  return torch::from_blob(const_cast<float*>(values.data()), {rows, width}, torch::kFloat32);
}

Batch::Kind MakeKind(const KindRows& rows, const KindFeatures& features) {
  Batch::Kind kind;
  kind.rows = rows.rows;
  kind.inner_rows = rows.inner_rows;
  if (kind.rows == 0) return kind;
  kind.numeric = View(rows.numeric, kind.rows, static_cast<std::int64_t>(features.numeric_width()));
  const std::size_t width = features.categories.size();
  for (std::size_t c = 0; c < width; ++c) {
    std::vector<std::int32_t> words(rows.rows);
    for (std::size_t row = 0; row < words.size(); ++row) {
      words[row] = rows.categories[row * width + c];
    }
    kind.categories.push_back(Copy(words));
  }
  return kind;
}

// Groups the edges that are kept by parent; `drawn` counts random numbers across relations.
MessageEdges GroupEdges(const RelationRows& rows, const EdgeDropout& dropout,
                        std::uint64_t& drawn) {
  std::vector<std::int32_t> parents;
  std::vector<std::int32_t> offsets{0};
  std::vector<std::int32_t> children;
  std::vector<float> scales;
  const std::size_t count = rows.parents.size();
  for (std::size_t begin = 0; begin < count;) {
    const std::size_t first = children.size();
    std::size_t end = begin;
    for (; end < count && rows.parents[end] == rows.parents[begin]; ++end) {
      if (dropout.rate > 0.0 && dropout.random.Uniform(drawn++) < dropout.rate) continue;
      children.push_back(static_cast<std::int32_t>(rows.children[end]));
      scales.push_back(rows.weights[end]);
    }
    const std::size_t kept = children.size() - first;
    for (std::size_t e = first; e < children.size(); ++e) scales[e] /= static_cast<float>(kept);
    if (kept > 0) {
      parents.push_back(static_cast<std::int32_t>(rows.parents[begin]));
      offsets.push_back(static_cast<std::int32_t>(children.size()));
    }
    begin = end;
  }
  return {Copy(parents), Copy(offsets), Copy(children), torch::tensor(scales, torch::kFloat32)};
}

}  // namespace

Batch MakeBatch(const EncodedNeighbourhood& input, const FeatureSchema& schema,
                const EdgeDropout& dropout) {
  Batch batch;
  batch.seeds = input.seeds;
  const std::size_t context_width = input.context.size() / input.seeds;
  batch.context = View(input.context, batch.seeds, static_cast<std::int64_t>(context_width));
  for (const NodeKind kind : graph::kAllNodeKinds) {
    batch.kinds[static_cast<std::size_t>(kind)] = MakeKind(input.Of(kind), schema.Of(kind));
  }
  std::uint64_t drawn = 0;
  for (const RelationRows& rows : input.relations) {
    MessageEdges edges = GroupEdges(rows, dropout, drawn);
    if (edges.parents.size(0) == 0) continue;
    batch.relations.push_back(
        {{rows.relation, rows.parent_kind, rows.child_kind}, rows.hop, std::move(edges)});
  }
  return batch;
}

}  // namespace recoup::model
