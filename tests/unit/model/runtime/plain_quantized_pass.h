// The formulas of model/artifact/quantized_network.h, one number at a time, straight from the
// network as it lies on disk: in float what every kernel must give to the bit, in double what it
// stands for. And surroundings of one loan with nodes of every kind.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "model/artifact/quantized_network.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/features/relation_order.h"
#include "tests/arm64/drawn_numbers.h"

namespace recoup::model::testing {

template <typename Real>
class PlainQuantizedPass {
 public:
  PlainQuantizedPass(const QuantizedNetwork& network, const EncodedNeighbourhood& input)
      : network_(network), input_(input), levels_(static_cast<Real>(network.levels())) {}

  std::vector<Real> Logits() {
    for (const graph::NodeKind kind : graph::kAllNodeKinds) Embed(kind);
    for (const graph::NodeKind kind : graph::kAllNodeKinds) FirstLayer(kind);
    std::vector<Real> y = Start(network_.second_bias);
    Add(network_.second_self, first_[Index(graph::NodeKind::kLoan)][0], &y);
    for (const QuantizedRelation& relation : network_.second) {
      AddMessages(relation, 0, 1, first_[Index(relation.key.child)], &y);
    }
    return Head(Finish(y, network_.second_inverse_steps, 255));
  }

 private:
  using Row = std::vector<int>;
  using Rows = std::vector<Row>;

  static std::size_t Index(graph::NodeKind kind) { return static_cast<std::size_t>(kind); }

  static int Round(Real t, Real levels) {
    return static_cast<int>(std::nearbyint(std::clamp(t, Real{0}, levels)));
  }

  static std::vector<Real> Start(const std::vector<float>& bias) {
    return {bias.begin(), bias.end()};
  }

  static Row Finish(const std::vector<Real>& y, const std::vector<float>& inverse, Real levels) {
    Row row;
    for (std::size_t c = 0; c < y.size(); ++c) {
      row.push_back(Round(y[c] * static_cast<Real>(inverse[c]), levels));
    }
    return row;
  }

  static void Add(const QuantizedLinear& map, const Row& u, std::vector<Real>* y) {
    for (std::size_t o = 0; o < map.out; ++o) {
      for (std::size_t g = 0; g < map.groups(); ++g) {
        std::int64_t sum = 0;
        for (std::size_t i = g * map.group; i < map.in && i < (g + 1) * map.group; ++i) {
          sum += std::int64_t{map.values[o * map.in + i]} * u[i];
        }
        const Real part = static_cast<Real>(sum) * static_cast<Real>(map.scales[g * map.out + o]);
        (*y)[o] += part;
      }
    }
  }

  void Embed(graph::NodeKind kind) {
    const QuantizedInput& input = network_.inputs[Index(kind)];
    const KindRows& rows = input_.Of(kind);
    const std::size_t width = input.zeros.size();
    for (std::size_t r = 0; r < rows.rows; ++r) {
      Row u;
      for (std::size_t c = 0; c < width; ++c) {
        const Real scaled = static_cast<Real>(rows.numeric[r * width + c]) *
                            static_cast<Real>(input.inverse_steps[c]);
        u.push_back(Round(scaled + static_cast<Real>(input.zeros[c]), 255));
      }
      std::vector<Real> y = Start(input.bias);
      Add(input.numeric, u, &y);
      for (std::size_t t = 0; t < input.categories.size(); ++t) {
        const QuantizedTable& table = input.categories[t];
        const auto word =
            static_cast<std::size_t>(rows.categories[r * input.categories.size() + t]);
        for (std::size_t o = 0; o < y.size(); ++o) {
          const Real entry = static_cast<Real>(table.scales[o]) *
                             static_cast<Real>(table.values[word * y.size() + o]);
          y[o] += entry;
        }
      }
      zero_[Index(kind)].push_back(Finish(y, network_.zero_inverse_steps[Index(kind)], levels_));
    }
  }

  void FirstLayer(graph::NodeKind kind) {
    const std::size_t k = Index(kind);
    for (std::uint32_t r = 0; r < input_.Of(kind).inner_rows; ++r) {
      std::vector<Real> y = Start(network_.first_bias[k]);
      Add(network_.first_self[k], zero_[k][r], &y);
      for (const QuantizedRelation& relation : network_.first) {
        if (relation.key.parent != kind) continue;
        for (const int hop : {1, 2})
          AddMessages(relation, r, hop, zero_[Index(relation.key.child)], &y);
      }
      first_[k].push_back(Finish(y, network_.first_inverse_steps[k], levels_));
    }
  }

  // Adds what the relation tells row `parent`, if it has such neighbours in this hop.
  void AddMessages(const QuantizedRelation& relation, std::uint32_t parent, int hop,
                   const Rows& rows, std::vector<Real>* y) const {
    std::vector<std::int64_t> sums(network_.hidden, 0);
    std::size_t count = 0;
    for (const RelationRows& edges : input_.relations) {
      const RelationKey key{edges.relation, edges.parent_kind, edges.child_kind};
      if (key != relation.key || edges.hop != hop) continue;
      for (std::size_t e = 0; e < edges.parents.size(); ++e) {
        if (edges.parents[e] != parent) continue;
        ++count;
        const auto part = std::llrint(static_cast<double>(edges.weights[e]) * 256.0);
        for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += part * rows[edges.children[e]][c];
      }
    }
    if (count == 0) return;
    const Real share = Real{255} / levels_ / static_cast<Real>(count) / Real{256};
    Row mean;
    for (const std::int64_t sum : sums) mean.push_back(Round(static_cast<Real>(sum) * share, 255));
    Add(relation.map, mean, y);
  }

  std::vector<Real> Head(const Row& second) const {
    std::vector<Real> y = Start(network_.head_bias);
    Add(network_.head_zero, zero_[Index(graph::NodeKind::kLoan)][0], &y);
    Add(network_.head_second, second, &y);
    for (std::size_t x = 0; x < network_.context; ++x) {
      for (std::size_t z = 0; z < y.size(); ++z) {
        const Real part = static_cast<Real>(input_.context[x]) *
                          static_cast<Real>(network_.head_context[x * y.size() + z]);
        y[z] += part;
      }
    }
    const Row head = Finish(y, network_.head_inverse_steps, 255);
    std::vector<Real> logits = Start(network_.output_bias);
    Add(network_.output, head, &logits);
    return logits;
  }

  const QuantizedNetwork& network_;
  const EncodedNeighbourhood& input_;
  Real levels_;
  std::array<Rows, QuantizedNetwork::kKinds> zero_;
  std::array<Rows, QuantizedNetwork::kKinds> first_;
};

/// Draws one loan's surroundings over any relations that the schema allows, some of whose nodes
/// are met more than once; weights are 0, 1 or between.
class DrawnSurroundings {
 public:
  DrawnSurroundings(const FeatureSchema& schema, std::size_t context, std::uint64_t seed,
                    std::uint32_t most_children = 3)
      : draw_(seed), most_(most_children) {
    input_.Of(graph::NodeKind::kLoan) = {1, 1, {}, {}};
    for (const RelationKey& key : AllRelations()) {
      if (key.parent == graph::NodeKind::kLoan && draw_.Below(3) != 0) AddEdges(key, 1);
    }
    for (const RelationKey& key : AllRelations()) {
      if (draw_.Below(2) == 0) AddEdges(key, 2);
    }
    std::sort(input_.relations.begin(), input_.relations.end(),
              [](const auto& a, const auto& b) { return RelationOrder(a) < RelationOrder(b); });
    for (const KindFeatures& features : schema.kinds()) FillRows(features);
    input_.context = draw_.Floats(context, 2.0F);
  }

  EncodedNeighbourhood Take() && { return std::move(input_); }

 private:
  void AddEdges(const RelationKey& key, std::uint8_t hop) {
    const bool of_loans = key.parent == graph::NodeKind::kLoan;
    const std::uint32_t first = hop == 2 && of_loans ? 1 : 0;  // the loan itself is of hop 1
    const std::uint32_t end = hop == 1 ? 1 : input_.Of(key.parent).inner_rows;
    RelationRows edges{key.relation, key.parent, key.child, hop, {}, {}, {}};
    for (std::uint32_t parent = first; parent < end; ++parent) {
      for (std::uint32_t count = draw_.Below(most_ + 1); count > 0; --count) {
        edges.parents.push_back(parent);
        edges.children.push_back(Child(key.child, hop));
        const std::uint32_t weight = draw_.Below(3);
        edges.weights.push_back(weight < 2 ? static_cast<float>(weight) : 0.5F + draw_.Float(0.5F));
      }
    }
    if (!edges.parents.empty()) input_.relations.push_back(std::move(edges));
  }

  std::uint32_t Child(graph::NodeKind kind, std::uint8_t hop) {
    KindRows& rows = input_.Of(kind);
    if (rows.rows > 0 && draw_.Below(4) == 0) return draw_.Below(rows.rows);
    if (hop == 1) ++rows.inner_rows;
    return rows.rows++;
  }

  void FillRows(const KindFeatures& features) {
    KindRows& rows = input_.Of(features.kind);
    rows.numeric = draw_.Floats(rows.rows * features.numeric_width(), 1.0F);
    for (std::uint32_t row = 0; row < rows.rows; ++row) {
      for (const CategoryFeature& category : features.categories) {
        rows.categories.push_back(
            static_cast<std::int32_t>(draw_.Below(static_cast<std::uint32_t>(category.size()))));
      }
    }
  }

  DrawnNumbers draw_;
  std::uint32_t most_;
  EncodedNeighbourhood input_;
};

}  // namespace recoup::model::testing
