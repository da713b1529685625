#include "model/quantization/quantize_network.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/quantization/quantize_linear.h"
#include "model/runtime/packed_quantized_network.h"
#include "model/runtime/quantized_pass.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::NodeKind;

constexpr std::size_t Index(NodeKind kind) { return static_cast<std::size_t>(kind); }

struct Case {
  explicit Case(NetworkWidths widths = {21, 17}, std::uint64_t seed = 3, std::uint64_t loans = 200)
      : artifact(testing::RandomArtifact(widths, seed)) {
    RangeObserver observer(network);
    for (std::uint64_t i = 0; i < loans; ++i) {
      observer.Observe(testing::RandomNeighbourhood(artifact.schema, i));
    }
    ranges = observer.ranges();
  }
  QuantizedNetwork Quantized(int bits) const {
    auto made = QuantizeNetwork(artifact.weights, artifact.schema, ranges, bits);
    if (!made.has_value()) FAIL(made.error().message);
    return std::move(made).value();
  }

  ModelArtifact artifact;
  PackedNetwork network = PackedNetwork::Pack(artifact.weights, artifact.schema).value();
  ActivationRanges ranges;
};

TEST_CASE("A network keeps its widths and its relations, in the order of their keys") {
  const Case one;
  for (const int bits : {8, 4}) {
    const QuantizedNetwork network = one.Quantized(bits);
    CHECK(network.bits == bits);
    CHECK(network.hidden == 21);
    CHECK(network.head == 17);
    CHECK(network.context == 0);
    std::size_t first = 0;
    std::size_t second = 0;
    for (const RelationKey& key : AllRelations()) {
      const std::string name = RelationName(key);
      if (one.artifact.weights.contains(RelationWeightName(1, name))) {
        REQUIRE(network.first.size() > first);
        CHECK(network.first[first++].key == key);
      }
      if (one.artifact.weights.contains(RelationWeightName(2, name))) {
        REQUIRE(network.second.size() > second);
        CHECK(network.second[second++].key == key);
      }
    }
    CHECK(network.first.size() == first);
    CHECK(network.second.size() == second);
    CHECK(first == 10);
    CHECK(second == 5);
  }
}

// The largest distance of W[o][i] * step[i] from what the map says, in its scales.
double Lost(const QuantizedLinear& map, const Tensor& weight, std::size_t first,
            const std::function<double(std::size_t)>& step) {
  const auto stride = static_cast<std::size_t>(weight.shape[1]);
  double lost = 0.0;
  for (std::size_t o = 0; o < map.out; ++o) {
    for (std::size_t i = 0; i < map.in; ++i) {
      const auto scale = static_cast<double>(map.scales[i / map.group * map.out + o]);
      if (!(scale > 0.0)) continue;
      const double exact = static_cast<double>(weight.values[o * stride + first + i]) * step(i);
      lost = std::max(lost, std::abs(exact - scale * map.values[o * map.in + i]) / scale);
    }
  }
  return lost;
}

std::function<double(std::size_t)> StepsOf(const std::vector<float>& inverse, double factor = 1.0) {
  return [&inverse, factor](std::size_t i) { return factor / static_cast<double>(inverse[i]); };
}

// Steps are folded into the maps that read the row: those of a message are 255ths of what the rows
// reach, whatever the bits of the rows.
TEST_CASE("In 8 bits every map is within half a scale of its weights, steps folded in") {
  const Case one;
  const QuantizedNetwork network = one.Quantized(8);
  const auto weight = [&](const std::string& name) -> const Tensor& {
    return one.artifact.weights.at(name);
  };
  constexpr double kHalf = 0.501;
  for (const NodeKind kind : graph::kAllNodeKinds) {
    const QuantizedInput& input = network.inputs[Index(kind)];
    const auto rows = StepsOf(network.zero_inverse_steps[Index(kind)]);
    CHECK(Lost(input.numeric, weight(InputWeightName(kind)), 0, StepsOf(input.inverse_steps)) <
          kHalf);
    CHECK(Lost(network.first_self[Index(kind)], weight(SelfWeightName(1, kind)), 0, rows) < kHalf);
    CHECK(network.first_bias[Index(kind)] == weight(SelfBiasName(1, kind)).values);
  }
  for (const QuantizedRelation& relation : network.first) {
    const auto rows = StepsOf(network.zero_inverse_steps[Index(relation.key.child)]);
    CHECK(Lost(relation.map, weight(RelationWeightName(1, RelationName(relation.key))), 0, rows) <
          kHalf);
  }
  for (const QuantizedRelation& relation : network.second) {
    const auto rows = StepsOf(network.first_inverse_steps[Index(relation.key.child)]);
    CHECK(Lost(relation.map, weight(RelationWeightName(2, RelationName(relation.key))), 0, rows) <
          kHalf);
  }
  const std::size_t loan = Index(NodeKind::kLoan);
  const Tensor& hidden = weight(std::string(kHeadHiddenWeight));
  CHECK(Lost(network.second_self, weight(SelfWeightName(2, NodeKind::kLoan)), 0,
             StepsOf(network.first_inverse_steps[loan])) < kHalf);
  CHECK(Lost(network.head_zero, hidden, 0, StepsOf(network.zero_inverse_steps[loan])) < kHalf);
  CHECK(Lost(network.head_second, hidden, 21, StepsOf(network.second_inverse_steps)) < kHalf);
  CHECK(Lost(network.output, weight(std::string(kHeadOutputWeight)), 0,
             StepsOf(network.head_inverse_steps)) < kHalf);
  CHECK(network.output_bias == weight(std::string(kHeadOutputBias)).values);
}

// Of the maps in 4 bits only those of the head and the inputs keep 8, and read steps of 15 levels.
TEST_CASE("In 4 bits inputs and head keep 8, and messages are in 255ths of the rows") {
  const Case one;
  const QuantizedNetwork network = one.Quantized(4);
  const std::size_t loan = Index(NodeKind::kLoan);
  const Tensor& hidden = one.artifact.weights.at(std::string(kHeadHiddenWeight));
  CHECK(network.head_zero.bits == 8);
  CHECK(Lost(network.head_zero, hidden, 0, StepsOf(network.zero_inverse_steps[loan])) < 0.501);
  CHECK(network.output.bits == 8);
  CHECK(network.inputs[loan].numeric.bits == 8);
  // Weights that share their errors wander farther than half a scale, but stay near.
  for (const QuantizedRelation& relation : network.first) {
    const Tensor& weight =
        one.artifact.weights.at(RelationWeightName(1, RelationName(relation.key)));
    const auto& rows = network.zero_inverse_steps[Index(relation.key.child)];
    CHECK(relation.map.bits == 4);
    CHECK(Lost(relation.map, weight, 0, StepsOf(rows, 15.0 / 255.0)) < 4.5);
  }
}

// A table's words are multiples of the channel's largest over 127.
TEST_CASE("Words of categories are within half a scale") {
  const Case one;
  const QuantizedNetwork network = one.Quantized(4);
  const QuantizedTable& table = network.inputs[Index(NodeKind::kLoan)].categories[1];
  const Tensor& words = one.artifact.weights.at(InputCategoryName(NodeKind::kLoan, 1));
  REQUIRE(table.words == 4);
  for (std::size_t i = 0; i < words.values.size(); ++i) {
    const float scale = table.scales[i % 21];
    const float lost = words.values[i] - scale * static_cast<float>(table.values[i]);
    CHECK(std::abs(lost) <= 0.5001F * scale);
  }
}

// bias' is the float nearest to bias - sum of scale * weight * zero, so that a row of zeros, whose
// bytes are the zeros, gives back the original bias, to the last bit of bias'.
TEST_CASE("A row of zeros gives the original bias") {
  const Case one;
  for (const int bits : {8, 4}) {
    const QuantizedNetwork network = one.Quantized(bits);
    for (const NodeKind kind : graph::kAllNodeKinds) {
      const QuantizedInput& input = network.inputs[Index(kind)];
      const std::vector<float>& bias = one.artifact.weights.at(InputBiasName(kind)).values;
      for (std::size_t o = 0; o < 21; ++o) {
        double sum = static_cast<double>(input.bias[o]);
        for (std::size_t i = 0; i < input.zeros.size(); ++i) {
          sum += static_cast<double>(input.numeric.scales[o]) *
                 input.numeric.values[o * input.zeros.size() + i] * input.zeros[i];
        }
        const double half_a_bit = std::abs(static_cast<double>(input.bias[o])) * 0x1p-24;
        CHECK(std::abs(sum - static_cast<double>(bias[o])) <= half_a_bit);
      }
    }
  }
}

// Loans have three numbers with a companion each, then three outcome columns; the test's rows are
// drawn from [-1, 1], so those reach 1.25 at most.
TEST_CASE("A value's column spans [-1, 1], its companion [0, 1], and 0 is a byte of its own") {
  const Case one;
  for (const NodeKind kind : {NodeKind::kLoan, NodeKind::kParty}) {
    const QuantizedInput input = one.Quantized(8).inputs[Index(kind)];
    const std::size_t values = 2 * one.artifact.schema.Of(kind).numeric.size();
    for (std::size_t column = 0; column < values; column += 2) {
      CHECK(input.zeros[column] == 128);
      CHECK(input.inverse_steps[column] == 127.0F);
    }
    for (std::size_t column = values; column < input.zeros.size(); ++column) {
      CHECK(input.zeros[column] == 128);
      CHECK(input.inverse_steps[column] >= 127.0F / 1.25F - 0.001F);
      CHECK(input.inverse_steps[column] < 127.0F / 1.2F);
    }
  }
  // What was never seen below 0 has all bytes above it: companions, when loans have real ones.
  ActivationRanges ranges = one.ranges;
  ActivationRanges::OfKind& loans = ranges.kinds[Index(NodeKind::kLoan)];
  std::fill(loans.lowest.begin(), loans.lowest.end(), 0.0F);
  const QuantizedNetwork network =
      QuantizeNetwork(one.artifact.weights, one.artifact.schema, ranges, 8).value();
  const QuantizedInput& input = network.inputs[Index(NodeKind::kLoan)];
  for (std::size_t column = 1; column < 6; column += 2) {
    CHECK(input.zeros[column] == 0);
    CHECK(input.inverse_steps[column] == 255.0F);
  }
  CHECK(input.zeros[0] == 128);  // a value may be missing in all of them, and come later
}

TEST_CASE("A channel's largest number that was seen becomes the largest byte") {
  const Case one;
  for (const int bits : {8, 4}) {
    const QuantizedNetwork network = one.Quantized(bits);
    const float levels = bits == 8 ? 255.0F : 15.0F;
    const ActivationRanges::OfKind& seen = one.ranges.kinds[Index(NodeKind::kParty)];
    for (std::size_t c = 0; c < 21; ++c) {
      if (seen.zero[c] < 1e-6F) continue;
      const float reached = seen.zero[c] * network.zero_inverse_steps[Index(NodeKind::kParty)][c];
      CHECK(std::abs(reached - levels) < 1e-4F * levels);
    }
  }
}

// A channel of courts that no loan moved, among others: its own reach is that of all weights at
// their worst, many times what any channel reaches, and would coarsen the whole row's maps.
TEST_CASE("A silent channel gets no larger step than the farthest of those that were moved") {
  Case one;
  ActivationRanges::OfKind& courts = one.ranges.kinds[Index(NodeKind::kCourt)];
  courts.zero[3] = 0.0F;
  const float farthest = *std::max_element(courts.zero.begin(), courts.zero.end());
  const float loudest = *std::max_element(one.ranges.second.begin(), one.ranges.second.end());
  one.ranges.second[5] = 0.0F;
  for (const int bits : {8, 4}) {
    const QuantizedNetwork network = one.Quantized(bits);
    const float levels = bits == 8 ? 255.0F : 15.0F;
    const float silent = levels / network.zero_inverse_steps[Index(NodeKind::kCourt)][3];
    CHECK(silent > 0.1F * farthest);
    CHECK(silent < 1.0001F * farthest);
    CHECK(255.0F / network.second_inverse_steps[5] < 1.0001F * loudest);
  }
}

// Without loans every step comes from what weights and features could give at most. Outcome columns
// then span [-0.5, 0.5], and companions of values are 0 to 1.
TEST_CASE("Kinds that no loan met are heard, and their rows are not cut off") {
  const Case one;
  const QuantizedNetwork network =
      QuantizeNetwork(one.artifact.weights, one.artifact.schema, {}, 8).value();
  const PackedQuantizedNetwork packed(network);
  ForwardPass exact(one.network);
  std::size_t heard = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EncodedNeighbourhood input = testing::RandomNeighbourhood(one.artifact.schema, 10'000 + seed);
    for (const KindFeatures& features : one.artifact.schema.kinds()) {
      std::vector<float>& numeric = input.Of(features.kind).numeric;
      for (std::size_t i = 0; i < numeric.size(); ++i) {
        const std::size_t column = i % features.numeric_width();
        if (column >= features.outcome_column()) {
          numeric[i] *= 0.5F;
        } else if (column % 2 == 1) {
          numeric[i] = std::abs(numeric[i]);
        }
      }
    }
    exact.Run(input);
    for (const NodeKind kind : graph::kAllNodeKinds) {
      const KindRows& rows = input.Of(kind);
      if (rows.rows == 0) continue;
      RowScratch scratch;
      std::vector<std::uint8_t> bytes(rows.rows * packed.row_width());
      EmbedRows(packed.Input(kind), rows.numeric.data(), rows.categories.data(), rows.rows, scratch,
                bytes.data());
      for (std::size_t i = 0; i < exact.ZeroRows(kind).size(); ++i) {
        const float wanted = exact.ZeroRows(kind)[i];
        const std::size_t c = i % 21;
        const float step = 1.0F / network.zero_inverse_steps[Index(kind)][c];
        const int byte = bytes[i / 21 * packed.row_width() + c];
        REQUIRE(std::abs(static_cast<float>(byte) * step - wanted) < 2.5F * step);
        REQUIRE(byte < 255);
        if (byte > 0) ++heard;
      }
    }
  }
  CHECK(heard > 1000);
}

struct Apart {
  double mean = 0.0;
  double largest = 0.0;
  double spread = 0.0;  // of the original's own logits
};

Apart FromOriginal(const Case& one, int bits) {
  const QuantizedNetwork network = one.Quantized(bits);
  const PackedQuantizedNetwork packed(network);
  ForwardPass before(one.network);
  QuantizedPass after(packed);
  Apart apart;
  constexpr int kLoans = 200;
  for (std::uint64_t seed = 0; seed < kLoans; ++seed) {
    const EncodedNeighbourhood input =
        testing::RandomNeighbourhood(one.artifact.schema, 10'000 + seed);
    const auto wanted = before.Run(input);
    const auto got = after.Run(input);
    for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
      const double change =
          std::abs(static_cast<double>(got[cell]) - static_cast<double>(wanted[cell]));
      apart.mean += change / (kLoans * kRecoveryCells);
      apart.largest = std::max(apart.largest, change);
      apart.spread = std::max(apart.spread, std::abs(static_cast<double>(wanted[cell])));
    }
  }
  return apart;
}

// Measured: 0.0100 on average and 0.21 at most in 8 bits, 0.055 and 0.31 in 4. What is large comes
// from the few rows that reach beyond what was seen; random networks have many of those.
TEST_CASE("Logits of loans that were not calibrated on stay close to the original's") {
  const Case one({64, 64}, 9, 2000);
  const Apart in8 = FromOriginal(one, 8);
  const Apart in4 = FromOriginal(one, 4);
  INFO("8 bits: mean " << in8.mean << ", largest " << in8.largest << "; 4 bits: mean " << in4.mean
                       << ", largest " << in4.largest << "; logits up to " << in8.spread);
  CHECK(in8.mean < 0.02);
  CHECK(in8.largest < 0.4);
  CHECK(in4.mean < 0.11);
  CHECK(in4.largest < 0.6);
}

TEST_CASE("The context's weights stay in fp32, turned so that outputs lie side by side") {
  const ModelArtifact artifact = testing::RandomArtifact({5, 3, 2}, 4);
  const QuantizedNetwork network =
      QuantizeNetwork(artifact.weights, artifact.schema, {}, 8).value();
  const Tensor& hidden = artifact.weights.at(std::string(kHeadHiddenWeight));  // [3, 12]
  REQUIRE(network.head_context.size() == 6);
  for (std::size_t z = 0; z < 3; ++z) {
    for (std::size_t x = 0; x < 2; ++x) {
      CHECK(network.head_context[x * 3 + z] == hidden.values[z * 12 + 10 + x]);
    }
  }
}

// Products of what the map reads, in its steps: of h0 for layer 1, of h1 for layer 2.
InputProducts ProductsOf(const std::vector<double>& sums, std::size_t rows,
                         const std::vector<float>& inverse, double factor) {
  InputProducts products{sums};
  for (std::size_t i = 0; i < sums.size(); ++i) {
    products.values[i] *= static_cast<double>(inverse[i / inverse.size()]) *
                          static_cast<double>(inverse[i % inverse.size()]) /
                          (static_cast<double>(rows) * factor * factor);
  }
  return products;
}

std::vector<double> Inverted(const std::vector<float>& inverse, double factor) {
  std::vector<double> steps;
  for (const float number : inverse) steps.push_back(factor / static_cast<double>(number));
  return steps;
}

// How many of a map's weights differ; a few may, where rounding errors of the products decide.
std::size_t Differing(const QuantizedLinear& a, const QuantizedLinear& b) {
  REQUIRE(a.values.size() == b.values.size());
  std::size_t differing = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) differing += a.values[i] != b.values[i] ? 1 : 0;
  return differing;
}

TEST_CASE("In 4 bits maps share errors by the products of the very rows that they read") {
  const Case one;
  const QuantizedNetwork network = one.Quantized(4);
  const auto expected = [&](const std::string& name, const std::vector<float>& inverse,
                            const std::vector<double>& sums, std::size_t rows, double factor) {
    return QuantizeLinear(one.artifact.weights.at(name).values, 21, 0, Inverted(inverse, factor), 4,
                          ProductsOf(sums, rows, inverse, factor));
  };
  const ActivationRanges::OfKind& loans = one.ranges.kinds[Index(NodeKind::kLoan)];
  const std::vector<float>& first = network.first_inverse_steps[Index(NodeKind::kLoan)];
  const std::vector<float>& zero = network.zero_inverse_steps[Index(NodeKind::kLoan)];
  CHECK(Differing(network.second_self, expected(SelfWeightName(2, NodeKind::kLoan), first,
                                                loans.first_products, loans.rows, 1.0)) < 5);
  CHECK(Differing(network.first_self[Index(NodeKind::kLoan)],
                  expected(SelfWeightName(1, NodeKind::kLoan), zero, loans.zero_products,
                           loans.rows, 1.0)) < 5);
  for (const QuantizedRelation& relation : network.second) {
    const ActivationRanges::OfKind& seen = one.ranges.kinds[Index(relation.key.child)];
    CHECK(Differing(relation.map, expected(RelationWeightName(2, RelationName(relation.key)),
                                           network.first_inverse_steps[Index(relation.key.child)],
                                           seen.first_products, seen.rows, 15.0 / 255.0)) < 5);
  }
}

TEST_CASE("A network that is not whole is not quantized") {
  Case one;
  one.artifact.weights.erase("head.hidden.bias");
  const auto made = QuantizeNetwork(one.artifact.weights, one.artifact.schema, one.ranges, 8);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == ErrorCode::kDataLoss);
}

TEST_CASE("The same network and ranges give the same bytes") {
  const Case one;
  CHECK(one.Quantized(8) == one.Quantized(8));
  CHECK(one.Quantized(4) == one.Quantized(4));
}

}  // namespace
}  // namespace recoup::model
