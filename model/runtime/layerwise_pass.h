// One network over a whole portfolio, layer by layer: the state of each node is computed once,
// however many loans reach it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "graph/types/result.h"
#include "model/artifact/network_layout.h"
#include "model/features/in_blocks.h"
#include "model/features/portfolio_graph.h"
#include "model/runtime/kernels/aligned_vector.h"

namespace recoup::model {

/// The children of neighbouring parents along one relation.
/// Shape: those of parent p are children[offsets[p] .. offsets[p + 1]), for `parents` parents;
/// `children` are rows of `rows`; weights as in PortfolioEdges, null where every weight is 1.
template <typename Cell>
struct LayerMessages {
  const Cell* rows = nullptr;
  const std::uint32_t* offsets = nullptr;
  const std::uint32_t* children = nullptr;
  const float* weights = nullptr;
  std::size_t parents = 0;
};

/// Rows [begin, end) of one kind.
struct RowRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Runs a network of one kind of arithmetic. `Layers` is FloatLayers or QuantizedLayers; it is a
/// template so that no row costs a virtual call. Sums of each row are taken in the order of the
/// forward pass for one loan, so the bytes are the same.
/// Threads: one at a time, on workers of its own. Lifetime: must not outlive what it is given.
template <typename Layers>
class LayerwisePass {
 public:
  LayerwisePass(const Layers& layers, const PortfolioGraph& graph, const Workers& workers)
      : layers_(layers), graph_(graph), workers_(workers) {}

  /// Returns for each loan the sums of the head's hidden layer, to which only its context is
  /// missing. Shape: [seeds][layers.head_width()].
  /// Errors: kCancelled (stopped).
  Result<AlignedVector<float>> Run() {
    for (const graph::NodeKind kind : graph::kAllNodeKinds) RECOUP_TRY(Embed(kind));
    for (const graph::NodeKind kind : graph::kAllNodeKinds) {
      if (kind != graph::NodeKind::kLoan) RECOUP_TRY(FirstLayer(kind));
    }
    AlignedVector<float> head(graph_.seeds * layers_.head_width());
    RECOUP_TRY(Seeds(head.data()));
    return head;
  }

 private:
  using Cell = typename Layers::Cell;
  using Map = typename Layers::Map;

  // Rows that a worker takes at a time, and those whose sums it holds at a time: these stay in the
  // first cache together with the map that they go through.
  static constexpr std::size_t kBlock = 512;
  static constexpr std::size_t kStep = 32;

  struct Memory {
    explicit Memory(const Layers& layers)
        : sums(kStep * layers.width()),
          first(kStep * layers.width()),
          second(kStep * layers.width()) {}
    AlignedVector<float> sums;
    AlignedVector<Cell> first;   // h1 of loans
    AlignedVector<Cell> second;  // h2 of loans
    typename Layers::Scratch scratch;
  };

  // What passes messages to the parents of one kind in one layer.
  struct Relation {
    const PortfolioEdges* edges = nullptr;
    const Map* map = nullptr;
  };

  static std::size_t Index(graph::NodeKind kind) { return static_cast<std::size_t>(kind); }

  std::vector<Relation> Relations(int layer, graph::NodeKind parent) const {
    std::vector<Relation> relations;
    for (const PortfolioEdges& edges : graph_.relations) {
      const Map* map =
          layers_.Relation(layer, {edges.relation, edges.parent_kind, edges.child_kind});
      if (edges.parent_kind == parent && map != nullptr) relations.push_back({&edges, map});
    }
    return relations;
  }

  // Calls step(memory, begin, end) for a few rows at a time, in parallel.
  template <typename Step>
  Result<void> InSteps(std::size_t rows, const Step& step) const {
    return InBlocks(rows, kBlock, workers_, [&] {
      return [&step, memory = Memory(layers_)](std::size_t begin,
                                               std::size_t end) mutable -> Result<void> {
        for (std::size_t at = begin; at < end; at += kStep) {
          step(memory, at, std::min(end, at + kStep));
        }
        return {};
      };
    });
  }

  Result<void> Embed(graph::NodeKind kind) {
    const KindRows& rows = graph_.Of(kind);
    AlignedVector<Cell>& zero = zero_[Index(kind)];
    zero.resize(rows.rows * layers_.width());
    return InSteps(rows.rows, [&](Memory& memory, std::size_t begin, std::size_t end) {
      layers_.Embed(kind, rows, {begin, end}, memory.scratch, zero.data());
    });
  }

  // Brings the rows nearer that the next parents will ask for.
  void Prefetch(const Relation& relation, const AlignedVector<Cell>& rows, std::size_t begin,
                std::size_t end) const {
    const PortfolioEdges& edges = *relation.edges;
    end = std::min(end, edges.offsets.size() - 1);
    if (begin >= end) return;
    const std::size_t bytes = layers_.width() * sizeof(Cell);
    for (std::uint32_t j = edges.offsets[begin]; j < edges.offsets[end]; ++j) {
      const auto* row = reinterpret_cast<const char*>(rows.data()) + edges.children[j] * bytes;
      for (std::size_t at = 0; at < bytes; at += kCacheLine) __builtin_prefetch(row + at, 0, 2);
    }
  }

  void AddMessages(const std::vector<Relation>& relations,
                   const std::array<AlignedVector<Cell>, 10>& rows, std::size_t begin,
                   std::size_t end, Memory& memory) const {
    for (const Relation& relation : relations) {
      const PortfolioEdges& edges = *relation.edges;
      const AlignedVector<Cell>& children = rows[Index(edges.child_kind)];
      Prefetch(relation, children, end, end + kStep);
      layers_.AddMessages(*relation.map,
                          {children.data(), edges.offsets.data() + begin, edges.children.data(),
                           edges.weights.empty() ? nullptr : edges.weights.data(), end - begin},
                          memory.scratch, memory.sums.data());
    }
  }

  Result<void> FirstLayer(graph::NodeKind kind) {
    const std::size_t width = layers_.width();
    const std::size_t inner = graph_.Of(kind).inner_rows;
    const std::vector<Relation> relations = Relations(1, kind);
    const Cell* zero = zero_[Index(kind)].data();
    AlignedVector<Cell>& first = first_[Index(kind)];
    first.resize(inner * width);
    return InSteps(inner, [&](Memory& memory, std::size_t begin, std::size_t end) {
      layers_.StartFirst(kind, zero + begin * width, end - begin, memory.sums.data());
      AddMessages(relations, zero_, begin, end, memory);
      layers_.FinishFirst(kind, memory.sums.data(), end - begin, first.data() + begin * width);
    });
  }

  // Both layers of the loans and what of the head needs no context, a few loans at a time.
  Result<void> Seeds(float* head) {
    const std::size_t width = layers_.width();
    const std::vector<Relation> first = Relations(1, graph::NodeKind::kLoan);
    const std::vector<Relation> second = Relations(2, graph::NodeKind::kLoan);
    const Cell* zero = zero_[Index(graph::NodeKind::kLoan)].data();
    return InSteps(graph_.seeds, [&](Memory& memory, std::size_t begin, std::size_t end) {
      const std::size_t count = end - begin;
      float* sums = memory.sums.data();
      layers_.StartFirst(graph::NodeKind::kLoan, zero + begin * width, count, sums);
      AddMessages(first, zero_, begin, end, memory);
      layers_.FinishFirst(graph::NodeKind::kLoan, sums, count, memory.first.data());
      layers_.StartSecond(memory.first.data(), count, sums);
      AddMessages(second, first_, begin, end, memory);
      layers_.FinishSecond(sums, count, memory.second.data());
      layers_.StartHead(zero + begin * width, memory.second.data(), count,
                        head + begin * layers_.head_width());
    });
  }

  const Layers& layers_;
  const PortfolioGraph& graph_;
  const Workers& workers_;
  std::array<AlignedVector<Cell>, 10> zero_;   // h0, by kind
  std::array<AlignedVector<Cell>, 10> first_;  // h1 of inner rows; of loans only a few at a time
};

}  // namespace recoup::model
