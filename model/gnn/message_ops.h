// The two steps of the network that LibTorch has no fast and ordered operation for. Both add in the
// order of the edges on one thread, so that training gives the same bytes every time.
#pragma once

#include "model/features/encoded_neighbourhood.h"
#include "model/gnn/torch_headers.h"

namespace recoup::model {

/// Edges of one relation, grouped by parent.
/// Shape: parents[p] (int32, distinct rows), offsets[p + 1] (int32), children[e] (int32),
/// scales[e] (float: edge weight divided by the number of the parent's edges).
struct MessageEdges {
  torch::Tensor parents;
  torch::Tensor offsets;
  torch::Tensor children;
  torch::Tensor scales;
};

/// Returns sums + mean over each parent's children (scales * rows[child]) * weight^T, in place of
/// `sums`.
/// Shape: sums[parents, H], rows[children, H], weight[H, H].
torch::Tensor AddMessages(const torch::Tensor& sums, const torch::Tensor& rows,
                          const torch::Tensor& weight, const MessageEdges& edges);

/// Returns sums + table[words], in place of `sums`.
/// Shape: sums[rows, H], table[size, H], words[rows] (int32).
torch::Tensor AddCategory(const torch::Tensor& sums, const torch::Tensor& table,
                          const torch::Tensor& words);

}  // namespace recoup::model
