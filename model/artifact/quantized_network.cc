#include "model/artifact/quantized_network.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "model/valuation/recovery_forecast.h"

namespace recoup::model {
namespace {

using graph::NodeKind;

constexpr std::uint32_t kMaxWidth = 4096;
// A map adds at most kMaxWidth products of 255 and 127, and a row at most some hundred maps: with
// scales below this no float overflows.
constexpr float kLargestScale = 1e20F;
constexpr float kLargestNumber = 1e30F;

std::size_t Index(NodeKind kind) { return static_cast<std::size_t>(kind); }

Error Broken(const std::string& part, const std::string& what) {
  return {ErrorCode::kDataLoss, "quantized network: " + part + ": " + what};
}

bool AllWithin(const std::vector<float>& numbers, float low, float high) {
  // Written so that what is not a number fails.
  return std::all_of(numbers.begin(), numbers.end(),
                     [low, high](float number) { return number >= low && number <= high; });
}

Result<void> CheckNumbers(const std::vector<float>& numbers, std::size_t count,
                          const std::string& part) {
  if (numbers.size() != count) return Broken(part, "number of values");
  if (!AllWithin(numbers, -kLargestNumber, kLargestNumber)) {
    return Broken(part, "a number is not finite or too large");
  }
  return {};
}

Result<void> CheckSteps(const std::vector<float>& inverse, std::size_t count,
                        const std::string& part) {
  if (inverse.size() != count) return Broken(part, "number of steps");
  if (!AllWithin(inverse, 1e-20F, kLargestScale)) {
    return Broken(part, "a step is not positive and finite");
  }
  return {};
}

Result<void> CheckScaled(std::span<const std::int8_t> values, const std::vector<float>& scales,
                         int largest, const std::string& part) {
  const bool within = std::all_of(values.begin(), values.end(), [largest](int value) {
    return value >= -largest && value <= largest;
  });
  if (!within) return Broken(part, "a weight is out of range");
  if (!AllWithin(scales, 0.0F, kLargestScale)) return Broken(part, "a scale is out of range");
  return {};
}

bool AllShort(const std::vector<float>& scales) {
  return std::all_of(scales.begin(), scales.end(), [](float scale) {
    return (std::bit_cast<std::uint32_t>(scale) & 0xFFFFU) == 0;
  });
}

// Checks maps that have a number of bits.
class MapChecker {
 public:
  explicit MapChecker(std::uint8_t bits) : bits_(bits) {}

  Result<void> Check(const QuantizedLinear& map, std::size_t in, std::size_t out,
                     const std::string& part) const {
    if (map.bits != bits_) return Broken(part, "number of bits");
    if (map.in != in || map.out != out) return Broken(part, "shape");
    if (map.group == 0 || map.group % 4 != 0) {
      return Broken(part, "groups of inputs must be multiples of 4");
    }
    if (map.values.size() != in * out || map.scales.size() != map.groups() * out) {
      return Broken(part, "number of values");
    }
    if (bits_ == 4 && !AllShort(map.scales)) return Broken(part, "a scale has too many bits");
    return CheckScaled(map.values, map.scales, bits_ == 4 ? 7 : 127, part);
  }

 private:
  std::uint8_t bits_;
};

Result<void> CheckTable(const QuantizedTable& table, std::size_t words, std::size_t width,
                        const std::string& part) {
  if (table.words != words || table.values.size() != words * width ||
      table.scales.size() != width) {
    return Broken(part, "shape");
  }
  return CheckScaled(table.values, table.scales, 127, part);
}

Result<void> CheckInputOf(const QuantizedNetwork& network, const KindFeatures& features) {
  const QuantizedInput& input = network.inputs[Index(features.kind)];
  const std::string part = "input." + std::string(graph::NodeKindName(features.kind));
  const std::size_t width = features.numeric_width();
  RECOUP_TRY(CheckSteps(input.inverse_steps, width, part));
  if (input.zeros.size() != width) return Broken(part, "number of zeros");
  RECOUP_TRY(MapChecker(8).Check(input.numeric, width, network.hidden, part));
  RECOUP_TRY(CheckNumbers(input.bias, network.hidden, part));
  if (input.categories.size() != features.categories.size()) return Broken(part, "categories");
  for (std::size_t c = 0; c < input.categories.size(); ++c) {
    RECOUP_TRY(CheckTable(input.categories[c], features.categories[c].size(), network.hidden,
                          part + ".category." + std::to_string(c)));
  }
  return {};
}

Result<void> CheckKind(const QuantizedNetwork& network, const KindFeatures& features) {
  RECOUP_TRY(CheckInputOf(network, features));
  const std::size_t kind = Index(features.kind);
  const std::string part = "layer1." + std::string(graph::NodeKindName(features.kind));
  const std::size_t hidden = network.hidden;
  RECOUP_TRY(CheckSteps(network.zero_inverse_steps[kind], hidden, part));
  RECOUP_TRY(CheckSteps(network.first_inverse_steps[kind], hidden, part));
  RECOUP_TRY(CheckNumbers(network.first_bias[kind], hidden, part));
  return MapChecker(network.bits).Check(network.first_self[kind], hidden, hidden, part);
}

Result<void> CheckRelations(const QuantizedNetwork& network, int layer) {
  const std::vector<QuantizedRelation>& relations = layer == 1 ? network.first : network.second;
  const std::span<const RelationKey> known = AllRelations();
  for (std::size_t i = 0; i < relations.size(); ++i) {
    const RelationKey& key = relations[i].key;
    if (!std::binary_search(known.begin(), known.end(), key)) {
      return Broken("layer " + std::to_string(layer), "no such relation");
    }
    const std::string part = RelationWeightName(layer, RelationName(key));
    if (i > 0 && !(relations[i - 1].key < key)) return Broken(part, "relations must ascend");
    if (layer == 2 && key.parent != NodeKind::kLoan) return Broken(part, "does not start at loans");
    RECOUP_TRY(
        MapChecker(network.bits).Check(relations[i].map, network.hidden, network.hidden, part));
  }
  return {};
}

Result<void> CheckHead(const QuantizedNetwork& network) {
  const std::size_t head = network.head;
  const MapChecker maps(8);
  RECOUP_TRY(maps.Check(network.head_zero, network.hidden, head, "head.zero"));
  RECOUP_TRY(maps.Check(network.head_second, network.hidden, head, "head.second"));
  RECOUP_TRY(
      CheckNumbers(network.head_context, std::size_t{network.context} * head, "head.context"));
  RECOUP_TRY(CheckNumbers(network.head_bias, head, "head.bias"));
  RECOUP_TRY(CheckSteps(network.head_inverse_steps, head, "head"));
  RECOUP_TRY(maps.Check(network.output, head, kRecoveryCells, "head.output"));
  return CheckNumbers(network.output_bias, kRecoveryCells, "head.output");
}

}  // namespace

Result<void> CheckQuantizedNetwork(const QuantizedNetwork& network, const FeatureSchema& schema) {
  if (network.bits != 8 && network.bits != 4) {
    return Broken("bits", "must be 8 or 4: " + std::to_string(network.bits));
  }
  for (const std::uint32_t width : {network.hidden, network.head, network.context}) {
    if (width > kMaxWidth) return Broken("width", "too large: " + std::to_string(width));
  }
  if (network.hidden == 0 || network.head == 0) return Broken("width", "0");
  for (const KindFeatures& features : schema.kinds()) RECOUP_TRY(CheckKind(network, features));
  RECOUP_TRY(CheckRelations(network, 1));
  RECOUP_TRY(CheckRelations(network, 2));
  RECOUP_TRY(MapChecker(network.bits)
                 .Check(network.second_self, network.hidden, network.hidden, "layer2.self"));
  RECOUP_TRY(CheckNumbers(network.second_bias, network.hidden, "layer2.self"));
  RECOUP_TRY(CheckSteps(network.second_inverse_steps, network.hidden, "layer2.self"));
  return CheckHead(network);
}

}  // namespace recoup::model
