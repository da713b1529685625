// Random networks and neighbourhoods for tests: small or of realistic size, from a seed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "model/artifact/model_artifact.h"
#include "model/artifact/network_layout.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/features/relation_order.h"

namespace recoup::model::testing {

inline NumericFeature Numeric(const char* attribute, graph::AttributeType type) {
  NumericFeature feature;
  feature.attribute = attribute;
  feature.type = type;
  feature.knots = {0.0, 10.0, 1000.0};
  if (type == graph::AttributeType::kMoney) feature.currency = "EUR";
  return feature;
}

/// A schema with a few numbers and categories for most kinds.
inline FeatureSchema RandomSchema() {
  using graph::NodeKind;
  const NumericFeature number = Numeric("a_number", graph::AttributeType::kNumber);
  const NumericFeature money = Numeric("b_money", graph::AttributeType::kMoney);
  const NumericFeature date = Numeric("c_date", graph::AttributeType::kDate);
  const CategoryFeature word{"word", {"blue", "green", "red"}};
  const CategoryFeature other{"xother", {"no", "yes"}};
  return FeatureSchema({{NodeKind::kLoan, {number, money, date}, {word, other}},
                        {NodeKind::kParty, {number, money}, {word}},
                        {NodeKind::kCollateral, {money, date}, {other}},
                        {NodeKind::kProceeding, {date}, {word}}},
                       0.4);
}

/// The relations that RandomNeighbourhood uses.
inline std::vector<std::pair<int, RelationKey>> TestRelations() {
  using graph::Direction;
  using graph::EdgeKind;
  using graph::NodeKind;
  return {
      {1, {{EdgeKind::kBorrows, Direction::kIn}, NodeKind::kLoan, NodeKind::kParty}},
      {1, {{EdgeKind::kGuarantees, Direction::kIn}, NodeKind::kLoan, NodeKind::kParty}},
      {1, {{EdgeKind::kSecures, Direction::kIn}, NodeKind::kLoan, NodeKind::kCollateral}},
      {1, {{EdgeKind::kInvolvedIn, Direction::kOut}, NodeKind::kLoan, NodeKind::kProceeding}},
      {1, {{EdgeKind::kLocatedIn, Direction::kOut}, NodeKind::kLoan, NodeKind::kRegion}},
      {2, {{EdgeKind::kBorrows, Direction::kOut}, NodeKind::kParty, NodeKind::kLoan}},
      {2, {{EdgeKind::kOwns, Direction::kIn}, NodeKind::kParty, NodeKind::kParty}},
      {2, {{EdgeKind::kSecures, Direction::kOut}, NodeKind::kCollateral, NodeKind::kLoan}},
      {2, {{EdgeKind::kHeardAt, Direction::kOut}, NodeKind::kProceeding, NodeKind::kCourt}},
      {2, {{EdgeKind::kLocatedIn, Direction::kIn}, NodeKind::kRegion, NodeKind::kLoan}},
  };
}

/// Draws finite tensors of moderate size.
inline TensorMap DrawTensors(const std::map<std::string, std::vector<std::int64_t>>& shapes,
                             std::mt19937_64& random) {
  TensorMap weights;
  for (const auto& [name, shape] : shapes) {
    std::size_t count = 1;
    for (const auto size : shape) count *= static_cast<std::size_t>(size);
    std::uniform_real_distribution<float> draw(-0.3F, 0.3F);
    Tensor tensor{shape, std::vector<float>(count)};
    for (float& value : tensor.values) value = draw(random);
    weights.emplace(name, std::move(tensor));
  }
  return weights;
}

/// Draws finite weights of moderate size for every tensor that the schema and `relations` ask for.
inline TensorMap RandomWeights(const FeatureSchema& schema, NetworkWidths widths,
                               std::uint64_t seed) {
  auto shapes = RequiredShapes(schema, widths);
  for (const auto& [hop, key] : TestRelations()) {
    for (int layer = 1; layer <= (hop == 1 ? 2 : 1); ++layer) {
      shapes[RelationWeightName(layer, RelationName(key))] = {widths.hidden, widths.hidden};
    }
  }
  std::mt19937_64 random(seed);
  return DrawTensors(shapes, random);
}

inline ModelArtifact RandomArtifact(NetworkWidths widths, std::uint64_t seed) {
  ModelArtifact artifact;
  artifact.version = "test-1";
  artifact.schema = RandomSchema();
  artifact.weights = RandomWeights(artifact.schema, widths, seed);
  artifact.calibration = {0.8, 0.02, 1500};
  artifact.card_json = "{\"data\":\"random\"}";
  return artifact;
}

/// Draws rows for every kind whose `rows` were set, and fills `numeric` and `categories`.
inline void FillRows(EncodedNeighbourhood& input, const FeatureSchema& schema,
                     std::mt19937_64& random) {
  for (const graph::NodeKind kind : graph::kAllNodeKinds) {
    KindRows& rows = input.Of(kind);
    const KindFeatures& features = schema.Of(kind);
    rows.numeric.resize(rows.rows * features.numeric_width());
    std::uniform_real_distribution<float> draw(-1.0F, 1.0F);
    for (float& value : rows.numeric) value = draw(random);
    rows.categories.clear();
    for (std::uint32_t row = 0; row < rows.rows; ++row) {
      for (const CategoryFeature& category : features.categories) {
        rows.categories.push_back(static_cast<std::int32_t>(random() % category.size()));
      }
    }
  }
}

/// Draws the surroundings of one loan: up to `first` children a first-hop relation, and up to
/// `second` for each first-hop node and relation.
inline EncodedNeighbourhood RandomNeighbourhood(const FeatureSchema& schema, std::uint64_t seed,
                                                std::uint32_t first = 3, std::uint32_t second = 4) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> weight(0.1F, 1.0F);
  EncodedNeighbourhood input;
  input.Of(graph::NodeKind::kLoan) = {1, 1, {}, {}};
  for (const auto& [hop, key] : TestRelations()) {
    RelationRows edges{key.relation, key.parent, key.child, static_cast<std::uint8_t>(hop),
                       {},           {},         {}};
    KindRows& children = input.Of(key.child);
    const std::uint32_t parents = hop == 1 ? 1 : input.Of(key.parent).inner_rows;
    for (std::uint32_t parent = 0; parent < parents; ++parent) {
      const std::uint64_t count = random() % ((hop == 1 ? first : second) + 1);
      for (std::uint64_t i = 0; i < count; ++i) {
        edges.parents.push_back(parent);
        edges.children.push_back(children.rows++);
        edges.weights.push_back(weight(random));
        if (hop == 1) ++children.inner_rows;
      }
    }
    if (!edges.parents.empty()) input.relations.push_back(std::move(edges));
  }
  std::sort(input.relations.begin(), input.relations.end(),
            [](const auto& a, const auto& b) { return RelationOrder(a) < RelationOrder(b); });
  FillRows(input, schema, random);
  return input;
}

}  // namespace recoup::model::testing
