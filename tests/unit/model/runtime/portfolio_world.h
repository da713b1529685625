// A small world of loans with random networks over all its relations, in fp32 and in few bits.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "graph/sampling/neighbourhood.h"
#include "model/artifact/model_artifact.h"
#include "model/features/encoder.h"
#include "model/features/portfolio_graph.h"
#include "tests/unit/graph/sampling/graph_builder.h"
#include "tests/unit/graph/sampling/random_facts.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model::testing {

/// What RandomFacts says of loans, parties and collateral.
inline FeatureSchema WorldSchema() {
  using graph::AttributeType;
  using graph::NodeKind;
  const NumericFeature score{"score", AttributeType::kNumber, {0.0, 40.0, 150.0}, ""};
  const NumericFeature fee{"fee", AttributeType::kMoney, {0.0, 500.0, 900.0}, "EUR"};
  const NumericFeature noticed{"noticed", AttributeType::kDate, {0.0, 400.0, 900.0}, ""};
  const CategoryFeature colour{"colour", {"amber", "blue", "cyan"}};
  return FeatureSchema({{NodeKind::kLoan, {fee, noticed, score}, {colour}},
                        {NodeKind::kParty, {fee, score}, {colour}},
                        {NodeKind::kCollateral, {fee}, {}}},
                       0.4);
}

/// Draws what a network of few bits is made of.
class QuantizedDraw {
 public:
  QuantizedDraw(std::uint64_t seed, NetworkWidths widths, std::uint8_t bits)
      : random_(seed), widths_(widths), bits_(bits) {}

  /// Every relation that the schema allows passes messages, but for one in 5.
  QuantizedNetwork Draw(const FeatureSchema& schema) {
    QuantizedNetwork network;
    network.bits = bits_;
    network.hidden = static_cast<std::uint32_t>(widths_.hidden);
    network.head = static_cast<std::uint32_t>(widths_.head);
    network.context = static_cast<std::uint32_t>(widths_.context);
    const std::uint32_t hidden = network.hidden;
    for (const KindFeatures& features : schema.kinds()) {
      const auto k = static_cast<std::size_t>(features.kind);
      network.inputs[k] = Input(features);
      network.zero_inverse_steps[k] = Numbers(hidden, 20.0F, 80.0F);
      network.first_self[k] = Map(hidden, hidden);
      network.first_bias[k] = Numbers(hidden, -0.5F, 0.5F);
      network.first_inverse_steps[k] = Numbers(hidden, 20.0F, 80.0F);
    }
    for (const RelationKey& key : AllRelations()) {
      if (random_() % 5 == 0) continue;
      network.first.push_back({key, Map(hidden, hidden)});
      if (key.parent == graph::NodeKind::kLoan) {
        network.second.push_back({key, Map(hidden, hidden)});
      }
    }
    network.second_self = Map(hidden, hidden);
    network.second_bias = Numbers(hidden, -0.5F, 0.5F);
    network.second_inverse_steps = Numbers(hidden, 20.0F, 80.0F);
    network.head_zero = Map(hidden, network.head);
    network.head_second = Map(hidden, network.head);
    network.head_context = Numbers(std::size_t{network.context} * network.head, -0.3F, 0.3F);
    network.head_bias = Numbers(network.head, -0.5F, 0.5F);
    network.head_inverse_steps = Numbers(network.head, 20.0F, 80.0F);
    network.output = Map(network.head, kRecoveryCells);
    network.output_bias = Numbers(kRecoveryCells, -0.5F, 0.5F);
    return network;
  }

 private:
  std::vector<float> Numbers(std::size_t count, float low, float high) {
    std::uniform_real_distribution<float> draw(low, high);
    std::vector<float> numbers(count);
    for (float& number : numbers) number = draw(random_);
    return numbers;
  }

  std::vector<std::int8_t> Bytes(std::size_t count, int largest) {
    std::vector<std::int8_t> bytes(count);
    for (std::int8_t& byte : bytes) {
      byte = static_cast<std::int8_t>(static_cast<int>(random_() % (2 * largest + 1)) - largest);
    }
    return bytes;
  }

  QuantizedLinear Map(std::size_t in, std::size_t out) {
    QuantizedLinear map;
    map.in = static_cast<std::uint32_t>(in);
    map.out = static_cast<std::uint32_t>(out);
    map.group = bits_ == 4 ? 8 : static_cast<std::uint32_t>((in + 3) / 4 * 4);
    map.values = Bytes(in * out, bits_ == 4 ? 7 : 127);
    map.scales = Numbers(map.groups() * out, 0.0F, bits_ == 4 ? 2e-3F : 1e-4F);
    return map;
  }

  QuantizedInput Input(const KindFeatures& features) {
    QuantizedInput input;
    const std::size_t width = features.numeric_width();
    const auto hidden = static_cast<std::size_t>(widths_.hidden);
    input.inverse_steps = Numbers(width, 80.0F, 120.0F);
    for (std::size_t i = 0; i < width; ++i) {
      input.zeros.push_back(static_cast<std::uint8_t>(random_() % 256));
    }
    input.numeric = Map(width, hidden);
    input.bias = Numbers(hidden, -0.5F, 0.5F);
    for (const CategoryFeature& category : features.categories) {
      QuantizedTable table;
      table.words = static_cast<std::uint32_t>(category.size());
      table.values = Bytes(category.size() * hidden, 127);
      table.scales = Numbers(hidden, 0.0F, 0.004F);
      input.categories.push_back(std::move(table));
    }
    return input;
  }

  std::mt19937_64 random_;
  NetworkWidths widths_;
  std::uint8_t bits_;
};

/// Weights for every relation that the schema allows, but for one in 5.
inline TensorMap WorldWeights(const FeatureSchema& schema, NetworkWidths widths,
                              std::uint64_t seed) {
  std::mt19937_64 random(seed);
  auto shapes = RequiredShapes(schema, widths);
  for (const RelationKey& key : AllRelations()) {
    if (random() % 5 == 0) continue;
    for (int layer = 1; layer <= (key.parent == graph::NodeKind::kLoan ? 2 : 1); ++layer) {
      shapes[RelationWeightName(layer, RelationName(key))] = {widths.hidden, widths.hidden};
    }
  }
  return DrawTensors(shapes, random);
}

inline ModelArtifact WorldArtifact(NetworkWidths widths, std::uint64_t seed) {
  ModelArtifact artifact;
  artifact.version = "world-1";
  artifact.schema = WorldSchema();
  artifact.weights = WorldWeights(artifact.schema, widths, seed);
  artifact.int8 = QuantizedDraw(seed, widths, 8).Draw(artifact.schema);
  artifact.int4 = QuantizedDraw(seed, widths, 4).Draw(artifact.schema);
  artifact.calibration = {0.8, 0.02, 1500};
  artifact.card_json = "{}";
  return artifact;
}

/// A world in which nearly everything hangs together, as of one day, and its open loans.
struct PortfolioWorld {
  PortfolioWorld(std::uint64_t seed, int day) {
    graph::RandomFacts facts(seed);
    for (int i = 0; i < 900; ++i) graph.Add(facts.Draw(100, 900));
    graph.Apply();
    view = graph.View(day);
    const std::vector<graph::NodeId> all = view->Nodes(graph::NodeKind::kLoan).value();
    for (const graph::NodeId loan : all) {
      if (!view->OutcomeOf(loan).value().has_value()) loans.push_back(loan);
    }
  }

  graph::GraphBuilder graph;
  std::unique_ptr<const graph::GraphView> view;
  std::vector<graph::NodeId> loans;
};

/// What a network's head may look at beside one loan.
inline std::vector<float> WorldContext(std::size_t width, std::size_t loan) {
  std::vector<float> context(width);
  for (std::size_t i = 0; i < width; ++i) {
    context[i] = std::sin(static_cast<float>(loan * width + i));
  }
  return context;
}

}  // namespace recoup::model::testing
