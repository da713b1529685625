#include "model/artifact/network_layout.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "model/valuation/recovery_forecast.h"

namespace recoup::model {
namespace {

using graph::Direction;
using graph::EdgeKind;
using graph::NodeKind;
using Shape = std::vector<std::int64_t>;

// Bounds what a damaged or hostile file can make a runtime allocate.
constexpr std::int64_t kMaxWidth = 4096;

std::vector<RelationKey> BuildAllRelations() {
  std::vector<RelationKey> keys;
  for (const EdgeKind kind : graph::kAllEdgeKinds) {
    for (const NodeKind from : graph::AllowedSources(kind)) {
      for (const NodeKind to : graph::AllowedTargets(kind)) {
        if (!graph::CheckEndpoints(kind, from, to)) continue;  // not every pair is allowed
        keys.push_back({{kind, Direction::kOut}, from, to});
        keys.push_back({{kind, Direction::kIn}, to, from});
      }
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::set<std::string> RelationWeightNames() {
  std::set<std::string> names;
  for (const RelationKey& key : AllRelations()) {
    names.insert(RelationWeightName(1, RelationName(key)));
    if (key.parent == NodeKind::kLoan) names.insert(RelationWeightName(2, RelationName(key)));
  }
  return names;
}

std::string InputPrefix(NodeKind kind) { return "input." + std::string(graph::NodeKindName(kind)); }

std::string SelfPrefix(int layer, NodeKind kind) {
  return "layer" + std::to_string(layer) + ".self." + std::string(graph::NodeKindName(kind));
}

std::string ShapeText(const Shape& shape) {
  std::string text = "[";
  for (const std::int64_t size : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(size);
  }
  return text + "]";
}

Error Broken(const std::string& what) { return {ErrorCode::kDataLoss, what}; }

Result<void> CheckTensor(const std::string& name, const Tensor& tensor, const Shape& expected) {
  if (tensor.shape != expected) {
    return Broken("tensor of another shape than the features ask for: " + name + " is " +
                  ShapeText(tensor.shape) + ", expected " + ShapeText(expected));
  }
  std::int64_t count = 1;
  for (const std::int64_t size : expected) count *= size;
  if (static_cast<std::int64_t>(tensor.values.size()) != count) {
    return Broken("tensor holds another number of values than its shape: " + name);
  }
  for (const float value : tensor.values) {
    if (!std::isfinite(value)) return Broken("tensor holds a number that is not finite: " + name);
  }
  return {};
}

// What the head takes in beyond the loan itself, twice as wide as `hidden`.
Result<std::int64_t> ContextWidth(const TensorMap& weights, std::int64_t hidden) {
  const std::string name(kHeadHiddenWeight);
  const auto found = weights.find(name);
  if (found == weights.end() || found->second.shape.size() != 2) {
    return Broken("tensor that gives the context's width is missing: " + name);
  }
  const std::int64_t width = found->second.shape[1] - 2 * hidden;
  if (width < 0 || width > kMaxWidth) {
    return Broken("context's width must lie between 0 and " + std::to_string(kMaxWidth) + ": " +
                  name + " leaves " + std::to_string(width));
  }
  return width;
}

}  // namespace

std::span<const RelationKey> AllRelations() {
  static const std::vector<RelationKey> keys = BuildAllRelations();
  return keys;
}

std::string RelationName(graph::Relation relation, NodeKind parent, NodeKind child) {
  std::string name = relation.direction == Direction::kOut ? "out." : "in.";
  name += graph::EdgeKindName(relation.kind);
  name += '.';
  name += graph::NodeKindName(parent);
  name += '.';
  name += graph::NodeKindName(child);
  return name;
}

std::string RelationName(const RelationKey& key) {
  return RelationName(key.relation, key.parent, key.child);
}

std::string InputWeightName(NodeKind kind) { return InputPrefix(kind) + ".weight"; }

std::string InputBiasName(NodeKind kind) { return InputPrefix(kind) + ".bias"; }

std::string InputCategoryName(NodeKind kind, std::size_t index) {
  return InputPrefix(kind) + ".category." + std::to_string(index);
}

std::string SelfWeightName(int layer, NodeKind kind) { return SelfPrefix(layer, kind) + ".weight"; }

std::string SelfBiasName(int layer, NodeKind kind) { return SelfPrefix(layer, kind) + ".bias"; }

std::string RelationWeightName(int layer, std::string_view relation) {
  return "layer" + std::to_string(layer) + "." + std::string(relation) + ".weight";
}

Result<NetworkWidths> WidthsOf(const TensorMap& weights) {
  const auto hidden = weights.find(SelfBiasName(2, NodeKind::kLoan));
  const auto head = weights.find(std::string(kHeadHiddenBias));
  for (const auto& found : {hidden, head}) {
    if (found == weights.end() || found->second.shape.size() != 1) {
      return Broken("tensors that give the network's sizes are missing: " +
                    SelfBiasName(2, NodeKind::kLoan) + " or " + std::string(kHeadHiddenBias));
    }
    const std::int64_t width = found->second.shape[0];
    if (width < 1 || width > kMaxWidth) {
      return Broken("width must lie between 1 and " + std::to_string(kMaxWidth) + ": " +
                    found->first + " has " + std::to_string(width));
    }
  }
  RECOUP_ASSIGN(const std::int64_t context, ContextWidth(weights, hidden->second.shape[0]));
  return NetworkWidths{hidden->second.shape[0], head->second.shape[0], context};
}

std::map<std::string, Shape> RequiredShapes(const FeatureSchema& schema, NetworkWidths widths) {
  const std::int64_t hidden = widths.hidden;
  const auto cells = static_cast<std::int64_t>(kRecoveryCells);
  std::map<std::string, Shape> shapes;
  for (const NodeKind kind : graph::kAllNodeKinds) {
    const KindFeatures& features = schema.Of(kind);
    shapes[InputWeightName(kind)] = {hidden, static_cast<std::int64_t>(features.numeric_width())};
    shapes[InputBiasName(kind)] = {hidden};
    for (std::size_t index = 0; index < features.categories.size(); ++index) {
      const auto words = static_cast<std::int64_t>(features.categories[index].size());
      shapes[InputCategoryName(kind, index)] = {words, hidden};
    }
    shapes[SelfWeightName(1, kind)] = {hidden, hidden};
    shapes[SelfBiasName(1, kind)] = {hidden};
  }
  shapes[SelfWeightName(2, NodeKind::kLoan)] = {hidden, hidden};
  shapes[SelfBiasName(2, NodeKind::kLoan)] = {hidden};
  shapes[std::string(kHeadHiddenWeight)] = {widths.head, 2 * hidden + widths.context};
  shapes[std::string(kHeadHiddenBias)] = {widths.head};
  shapes[std::string(kHeadOutputWeight)] = {cells, widths.head};
  shapes[std::string(kHeadOutputBias)] = {cells};
  return shapes;
}

Result<void> CheckNetwork(const TensorMap& weights, const FeatureSchema& schema) {
  RECOUP_ASSIGN(const NetworkWidths widths, WidthsOf(weights));
  const std::map<std::string, Shape> required = RequiredShapes(schema, widths);
  for (const auto& [name, shape] : required) {
    const auto found = weights.find(name);
    if (found == weights.end()) {
      return Broken("tensor is missing: " + name + " of shape " + ShapeText(shape));
    }
    RECOUP_TRY(CheckTensor(name, found->second, shape));
  }
  static const std::set<std::string> relations = RelationWeightNames();
  for (const auto& [name, tensor] : weights) {
    if (required.contains(name)) continue;
    if (!relations.contains(name)) return Broken("unknown tensor: " + name);
    RECOUP_TRY(CheckTensor(name, tensor, {widths.hidden, widths.hidden}));
  }
  return {};
}

}  // namespace recoup::model
