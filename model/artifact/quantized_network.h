// The recovery network in few bits: what the integer runtime computes with
// (docs/formats/quantized.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/types/result.h"
#include "model/artifact/network_layout.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

// Every row between two maps is one byte a channel, u, which stands for step * u: what a rectifier
// gives is never negative. Steps are fixed when the network is quantized and belong to a channel,
// so that a sum over rows of a kind is a sum of integers, exact in any order. They are folded into
// the maps that read the row, hence a map's scales turn integers straight into the float that
// comes next:
//
// - input: u = clamp(round(x / step + zero), 0, 255);
//   y = bias + numeric u + sum_c category_c[word]
// - h0 and h1: u = clamp(round(max(y, 0) / step), 0, levels); levels is 255 in 8 bits, 15 in 4
// - message: m = clamp(round(S / children), 0, 255),
//   S = sum over children j of round(256 weight_j) / 256 * u_j * 255 / levels
// - layers: y = bias + self u + sum over relations (map m), ascending by RelationKey
// - h2 and z: u = clamp(round(max(y, 0) / step), 0, 255)
// - head: y = bias + zero u_h0 + second u_h2 + context x, the last in fp32
// - logits = bias + output u_z
//
// where round goes to the nearest, ties to even, and floats are added in the order written.

/// y[o] = sum over groups g of scales[g][o] * sum over inputs i of g of values[o][i] u[i].
/// Shape: values[out][in], in [-127, 127] for 8 bits and [-7, 7] for 4; scales[groups()][out],
/// none negative; those of 4 bits have no more than 8 significant bits (bfloat16), and take 2
/// bytes.
struct QuantizedLinear {
  std::uint8_t bits = 8;  // 8 or 4
  std::uint32_t in = 0;
  std::uint32_t out = 0;
  /// Inputs that share a scale; the last group may be shorter.
  std::uint32_t group = 1;
  std::vector<std::int8_t> values;
  std::vector<float> scales;

  std::size_t groups() const { return (std::size_t{in} + group - 1) / group; }
  bool operator==(const QuantizedLinear&) const = default;
};

/// Rows that stand for a category's words: scales[o] * values[word][o].
struct QuantizedTable {
  std::uint32_t words = 0;
  std::vector<std::int8_t> values;  // [words][H], in [-127, 127] also for 4 bits
  std::vector<float> scales;        // [H]

  bool operator==(const QuantizedTable&) const = default;
};

/// How rows of one kind enter.
struct QuantizedInput {
  std::vector<float> inverse_steps;  // [numeric_width], each > 0
  std::vector<std::uint8_t> zeros;   // [numeric_width]: what 0 becomes
  QuantizedLinear numeric;           // to H; the zeros' part is taken out of the bias
  std::vector<float> bias;           // [H]
  std::vector<QuantizedTable> categories;

  bool operator==(const QuantizedInput&) const = default;
};

struct QuantizedRelation {
  RelationKey key;
  QuantizedLinear map;  // H to H

  bool operator==(const QuantizedRelation&) const = default;
};

/// A whole network. Shape: H hidden, Z head, X context; kinds are by NodeKind number, 0 is empty.
struct QuantizedNetwork {
  static constexpr std::size_t kKinds = 10;

  /// Of stored rows, and of the layers' maps, which are most of the bytes: 8 or 4. The maps of
  /// inputs and head always have 8: there 4 would cost the most and save the least.
  std::uint8_t bits = 8;
  std::uint32_t hidden = 0;
  std::uint32_t head = 0;
  std::uint32_t context = 0;

  std::array<QuantizedInput, kKinds> inputs;
  std::array<std::vector<float>, kKinds> zero_inverse_steps;   // of h0: [H]
  std::array<QuantizedLinear, kKinds> first_self;              // H to H
  std::array<std::vector<float>, kKinds> first_bias;           // [H]
  std::array<std::vector<float>, kKinds> first_inverse_steps;  // of h1: [H]
  std::vector<QuantizedRelation> first;                        // ascending by key
  QuantizedLinear second_self;                                 // H to H
  std::vector<float> second_bias;                              // [H]
  std::vector<float> second_inverse_steps;                     // of h2: [H]
  std::vector<QuantizedRelation> second;                       // ascending by key
  QuantizedLinear head_zero;                                   // h0 to Z
  QuantizedLinear head_second;                                 // h2 to Z
  std::vector<float> head_context;                             // [X][Z], in fp32
  std::vector<float> head_bias;                                // [Z]
  std::vector<float> head_inverse_steps;                       // of z: [Z]
  QuantizedLinear output;                                      // Z to 27
  std::vector<float> output_bias;                              // [27]

  /// The largest number that a row of h0 or h1 holds.
  std::uint32_t levels() const { return bits == 4 ? 15 : 255; }
  bool operator==(const QuantizedNetwork&) const = default;
};

/// Checks shapes against the schema, that values and numbers lie in their ranges and are finite,
/// and that no row can grow beyond what a float holds.
/// Errors: kDataLoss (names the part).
Result<void> CheckQuantizedNetwork(const QuantizedNetwork& network, const FeatureSchema& schema);

}  // namespace recoup::model
