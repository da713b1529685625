// Loans as tensors: what one step of the network works on.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/artifact/network_layout.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/gnn/counter_random.h"
#include "model/gnn/message_ops.h"

namespace recoup::model {

/// Which edges a training step leaves out.
struct EdgeDropout {
  double rate = 0.0;
  CounterRandom random{0, 0};
};

/// A view of an EncodedNeighbourhood as tensors.
/// Lifetime: must not outlive the neighbourhood, whose numbers it does not copy.
struct Batch {
  struct Kind {
    std::int64_t rows = 0;
    std::int64_t inner_rows = 0;
    torch::Tensor numeric;                  // [rows, width]
    std::vector<torch::Tensor> categories;  // one a category: int32 [rows]
  };
  struct Relation {
    RelationKey key;
    int hop = 1;
    MessageEdges edges;
  };

  std::int64_t seeds = 0;
  std::array<Kind, 10> kinds;       // by NodeKind number
  std::vector<Relation> relations;  // those with edges left
  torch::Tensor context;            // [seeds, X]

  const Kind& Of(graph::NodeKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
};

/// REQUIRES: CheckInput accepts `input` for `schema`.
Batch MakeBatch(const EncodedNeighbourhood& input, const FeatureSchema& schema,
                const EdgeDropout& dropout = {});

}  // namespace recoup::model
