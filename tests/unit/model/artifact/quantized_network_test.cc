#include "model/artifact/quantized_network.h"

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/model/artifact/random_quantized.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::Direction;
using graph::EdgeKind;
using graph::NodeKind;

constexpr auto kLoan = static_cast<std::size_t>(NodeKind::kLoan);
constexpr auto kRegion = static_cast<std::size_t>(NodeKind::kRegion);
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

QuantizedNetwork Draw(std::uint8_t bits, std::uint64_t seed = 1) {
  return testing::RandomQuantized(testing::RandomSchema(), {5, 7, 3}, bits, seed).Take();
}

// Expects the network, changed, to be refused with a message that names the part.
void RequireRefused(std::uint8_t bits, const std::function<void(QuantizedNetwork&)>& change,
                    const std::string& part, const std::string& what) {
  QuantizedNetwork network = Draw(bits);
  change(network);
  const Result<void> checked = CheckQuantizedNetwork(network, testing::RandomSchema());
  INFO(part << ", " << what);
  REQUIRE_FALSE(checked.has_value());
  INFO(checked.error().message);
  CHECK(checked.error().code == ErrorCode::kDataLoss);
  CHECK(checked.error().message.find("quantized network: " + part + ": " + what) == 0);
}

struct MapPart {
  std::function<QuantizedLinear&(QuantizedNetwork&)> map;
  std::string part;
  bool of_layer = false;  // has the network's bits; the others 8
};

std::string NameOf(int layer, const QuantizedNetwork& network) {
  const auto& relations = layer == 1 ? network.first : network.second;
  return RelationWeightName(layer, RelationName(relations[1].key));
}

std::vector<MapPart> Maps(std::uint8_t bits) {
  using Network = QuantizedNetwork;
  return {{[](Network & n) -> auto& {return n.inputs[kLoan].numeric;
}
, "input.loan"
}  // namespace
, {[](Network & n) -> auto& {return n.inputs[kRegion].numeric;
}  // namespace recoup::model
, "input.region"
}
, {[](Network & n) -> auto& {return n.first_self[kLoan];
}
, "layer1.loan", true
}
, {[](Network & n) -> auto& {return n.first_self[kRegion];
}
, "layer1.region", true
}
, {[](Network & n) -> auto& {return n.first[1].map;
}
, NameOf(1, Draw(bits)), true
}
, {[](Network & n) -> auto& {return n.second[1].map;
}
, NameOf(2, Draw(bits)), true
}
, {[](Network & n) -> auto& {return n.second_self;
}
, "layer2.self", true
}
, {[](Network & n) -> auto& {return n.head_zero;
}
, "head.zero"
}
, {[](Network & n) -> auto& {return n.head_second;
}
, "head.second"
}
, {[](Network & n) -> auto& {return n.output;
}
, "head.output"
}
,
}
;
}

TEST_CASE("Networks of 8 and of 4 bits are whole, at every width") {
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    for (std::int64_t width = 1; width <= 9; ++width) {
      const QuantizedNetwork network =
          testing::RandomQuantized(testing::RandomSchema(), {width, 10 - width, width % 3}, bits, 1)
              .Take();
      const Result<void> checked = CheckQuantizedNetwork(network, testing::RandomSchema());
      INFO((checked ? std::string() : checked.error().message));
      REQUIRE(checked.has_value());
      CHECK(network.levels() == (bits == 8 ? 255 : 15));
    }
  }
}

TEST_CASE("A last group that is shorter counts as one") {
  QuantizedLinear map;
  map.group = 8;
  const std::pair<std::uint32_t, std::size_t> cases[] = {{0, 0}, {1, 1}, {8, 1}, {9, 2}, {17, 3}};
  for (const auto& [in, groups] : cases) {
    map.in = in;
    CHECK(map.groups() == groups);
  }
  map.group = 0xFFFF'FFFC;
  map.in = 64;
  CHECK(map.groups() == 1);
}

TEST_CASE("Every map is refused by its name when its shape is another") {
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    for (const MapPart& part : Maps(bits)) {
      const auto refused = [&](const auto& change, const std::string& what) {
        RequireRefused(
            bits, [&](auto& network) { change(part.map(network)); }, part.part, what);
      };
      refused([](QuantizedLinear& map) { map.bits = map.bits == 8 ? 4 : 8; }, "number of bits");
      refused([](QuantizedLinear& map) { ++map.in; }, "shape");
      refused([](QuantizedLinear& map) { --map.out; }, "shape");
      refused([](QuantizedLinear& map) { map.group = 0; }, "groups");
      refused([](QuantizedLinear& map) { map.group = 6; }, "groups");
      refused([](QuantizedLinear& map) { map.values.pop_back(); }, "number of values");
      refused([](QuantizedLinear& map) { map.scales.push_back(0.0F); }, "number of values");
    }
  }
}

TEST_CASE("Every map is refused by its name when a number leaves its range") {
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    for (const MapPart& part : Maps(bits)) {
      const auto with_value = [&](int value) {
        return [&part, value](auto& network) {
          part.map(network).values.back() = static_cast<std::int8_t>(value);
        };
      };
      const auto with_scale = [&](float scale) {
        return [&part, scale](auto& network) { part.map(network).scales.back() = scale; };
      };
      RequireRefused(bits, with_value(-128), part.part, "a weight is out of range");
      if (bits == 4 && part.of_layer) {
        RequireRefused(bits, with_value(8), part.part, "a weight is out of range");
        RequireRefused(bits, with_value(-8), part.part, "a weight is out of range");
        RequireRefused(bits, with_scale(0x1.02p-8F + 0x1p-16F), part.part, "a scale has too many");
      }
      RequireRefused(bits, with_scale(-0x1p-9F), part.part, "a scale is out of range");
      RequireRefused(bits, with_scale(0x1p67F), part.part, "a scale is out of range");
      RequireRefused(bits, with_scale(kInfinity), part.part, "a scale is out of range");
      RequireRefused(bits, with_scale(kNan), part.part, "a scale is out of range");
    }
  }
}

// With the sum taken in 32 bits, 5 + 0xFFFFFFFC - 1 wraps to 0: a map without any scale.
TEST_CASE("A group as wide as a number holds does not do away with the scales") {
  RequireRefused(
      8,
      [](auto& network) {
        network.second_self.group = 0xFFFF'FFFC;
        network.second_self.scales.clear();
      },
      "layer2.self", "number of values");
}

struct FloatPart {
  std::function<std::vector<float>&(QuantizedNetwork&)> numbers;
  std::string part;
};

TEST_CASE("Steps are positive and finite, and as many as channels") {
  using Network = QuantizedNetwork;
  const FloatPart parts[] = {{[](Network & n) -> auto& {return n.inputs[kLoan].inverse_steps;
}
, "input.loan"
}
, {[](Network & n) -> auto& {return n.zero_inverse_steps[kRegion];
}
, "layer1.region"
}
, {[](Network & n) -> auto& {return n.first_inverse_steps[kLoan];
}
, "layer1.loan"
}
, {[](Network & n) -> auto& {return n.second_inverse_steps;
}
, "layer2.self"
}
, {[](Network & n) -> auto& {return n.head_inverse_steps;
}
, "head"
}
,
}
;
for (const FloatPart& part : parts) {
  RequireRefused(
      8, [&](auto& n) { part.numbers(n).push_back(1.0F); }, part.part, "number of steps");
  for (const float step : {0.0F, -1.0F, 1e-21F, 2e20F, kInfinity, kNan}) {
    RequireRefused(
        8, [&](auto& n) { part.numbers(n).back() = step; }, part.part, "a step is not");
  }
}
}

TEST_CASE("Biases and context weights are finite, and as many as outputs") {
  using Network = QuantizedNetwork;
  const FloatPart parts[] = {{[](Network & n) -> auto& {return n.inputs[kLoan].bias;
}
, "input.loan"
}
, {[](Network & n) -> auto& {return n.first_bias[kRegion];
}
, "layer1.region"
}
, {[](Network & n) -> auto& {return n.second_bias;
}
, "layer2.self"
}
, {[](Network & n) -> auto& {return n.head_context;
}
, "head.context"
}
, {[](Network & n) -> auto& {return n.head_bias;
}
, "head.bias"
}
, {[](Network & n) -> auto& {return n.output_bias;
}
, "head.output"
}
,
}
;
for (const FloatPart& part : parts) {
  RequireRefused(
      4, [&](auto& n) { part.numbers(n).pop_back(); }, part.part, "number of values");
  for (const float number : {-2e30F, 2e30F, kInfinity, -kInfinity, kNan}) {
    RequireRefused(
        4, [&](auto& n) { part.numbers(n).front() = number; }, part.part, "a number is not");
  }
}
}

TEST_CASE("What enters has a zero a column and a table a category") {
  const auto refused = [](const std::function<void(QuantizedInput&)>& change,
                          const std::string& part, const std::string& what) {
    RequireRefused(
        4, [&](auto& network) { change(network.inputs[kLoan]); }, part, what);
  };
  refused([](auto& input) { input.zeros.pop_back(); }, "input.loan", "number of zeros");
  refused([](auto& input) { input.categories.pop_back(); }, "input.loan", "categories");
  const std::string table = "input.loan.category.1";
  refused([](auto& input) { ++input.categories[1].words; }, table, "shape");
  refused([](auto& input) { input.categories[1].values.pop_back(); }, table, "shape");
  refused([](auto& input) { input.categories[1].scales.pop_back(); }, table, "shape");
  refused([](auto& input) { input.categories[1].values[3] = -128; }, table, "a weight");
  refused([](auto& input) { input.categories[1].scales[2] = kNan; }, table, "a scale");
}

TEST_CASE("Widths and bits that no network has are refused") {
  for (const int bits : {0, 1, 7, 16, 255}) {
    RequireRefused(
        8, [&](auto& n) { n.bits = static_cast<std::uint8_t>(bits); }, "bits", "must");
  }
  RequireRefused(
      8, [](auto& n) { n.hidden = 0; }, "width", "0");
  RequireRefused(
      8, [](auto& n) { n.head = 0; }, "width", "0");
  RequireRefused(
      8, [](auto& n) { n.hidden = 4097; }, "width", "too large");
  RequireRefused(
      8, [](auto& n) { n.head = 4097; }, "width", "too large");
  RequireRefused(
      8, [](auto& n) { n.context = 4097; }, "width", "too large");
  RequireRefused(
      8, [](auto& n) { n.hidden = 6; }, "input.loan", "shape");
}

TEST_CASE("Relations ascend, exist, and start at loans in the second layer") {
  RequireRefused(
      8, [](auto& n) { n.first[0].key.child = NodeKind{0}; }, "layer 1", "no such");
  RequireRefused(
      8, [](auto& n) { n.second[0].key.relation.kind = EdgeKind{200}; }, "layer 2", "");
  const QuantizedNetwork whole = Draw(8);
  RequireRefused(
      8, [](auto& n) { std::swap(n.first[0].key, n.first[1].key); },
      RelationWeightName(1, RelationName(whole.first[0].key)), "relations must ascend");
  RequireRefused(
      8, [](auto& n) { n.second[1].key = n.second[0].key; },
      RelationWeightName(2, RelationName(whole.second[0].key)), "relations must ascend");
  const RelationKey of_party{
      {EdgeKind::kBorrows, Direction::kOut}, NodeKind::kParty, NodeKind::kLoan};
  RequireRefused(
      8,
      [&](auto& n) {
        n.second.resize(1);
        n.second[0].key = of_party;
      },
      RelationWeightName(2, RelationName(of_party)), "does not start at loans");
}

TEST_CASE("A network for other features is refused") {
  const Result<void> checked = CheckQuantizedNetwork(Draw(8), FeatureSchema());
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().message == "quantized network: input.loan: number of steps");
}

}  // namespace
}  // namespace recoup::model
