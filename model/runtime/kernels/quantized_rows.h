// The integer network's inner loops (model/artifact/quantized_network.h has the formulas). The same
// bytes from every instruction set: sums of products are integers, and floats are multiplied, added
// and rounded one by one in a fixed order.
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/runtime/kernels/aligned_vector.h"

namespace recoup::model {

/// Rows and maps are padded with zeros to whole vectors of the widest instruction set.
inline constexpr std::size_t kRowPadding = 16;
constexpr std::size_t PaddedWidth(std::size_t width) {
  return (width + kRowPadding - 1) / kRowPadding * kRowPadding;
}

/// A map from rows of bytes to floats as the kernels read it.
/// Shape: weights[in / 4][out][4], scales[groups][out]; `in` is a multiple of 4, `out` of
/// kRowPadding, `group` of 4.
struct PackedMap {
  std::size_t in = 0;
  std::size_t out = 0;
  std::size_t group = 4;  // inputs that share scales
  AlignedVector<std::int8_t> weights;
  AlignedVector<float> scales;
};

/// What turns floats into bytes. Shape: [padded width].
struct PackedSteps {
  AlignedVector<float> inverse;
  float levels = 255.0F;
};

/// How rows of one kind enter.
/// Shape: inverse_steps, zeros: [PaddedWidth(width)], 0 in the padding; bias[H]; numeric.in is the
/// width in multiples of 4; categories[c][word][H].
struct PackedInput {
  std::size_t width = 0;  // numeric columns, without padding
  AlignedVector<float> inverse_steps;
  AlignedVector<float> zeros;
  PackedMap numeric;
  AlignedVector<float> bias;
  std::vector<AlignedVector<float>> categories;
  PackedSteps steps;  // of h0
};

/// Children of one relation around one parent. Shape: children[count] (rows of `rows`, H bytes
/// each), weights[count] in [0, 1].
struct MessageInput {
  const std::uint8_t* rows = nullptr;
  const std::uint32_t* children = nullptr;
  const float* weights = nullptr;
  std::size_t count = 0;  // at least 1, at most kMostChildren
  float gain = 1.0F;      // 255 / levels of the rows
};
/// With more a sum of weighted bytes might leave 32 bits.
inline constexpr std::size_t kMostChildren = 32'768;

/// Memory that the kernels write on their way; one a worker. Grows to the widest network.
struct RowScratch {
  AlignedVector<std::uint8_t> bytes;
};

/// Writes h0 of `count` rows.
/// Shape: numeric[count * width], categories[count * tables], out[count * H].
/// REQUIRES: finite numbers, words within their tables.
void EmbedRows(const PackedInput& input, const float* numeric, const std::int32_t* categories,
               std::size_t count, RowScratch& scratch, std::uint8_t* out);

/// y = bias + map u for `count` rows. Shape: u[count * map.in], bias[map.out], y[count * map.out].
void StartRows(const PackedMap& map, const float* bias, const std::uint8_t* u, std::size_t count,
               float* y);

/// y += map u. Shape: u[map.in], y[map.out].
void AddRow(const PackedMap& map, const std::uint8_t* u, float* y);

/// y += map m, where m is the mean over the children.
/// Shape: rows of map.in bytes, y[map.out].
void AddMessage(const PackedMap& map, const MessageInput& message, RowScratch& scratch, float* y);

/// Edges of one relation from children to parents.
/// Shape: parents, children, weights: [count]; parents ascend, and each is a row of y.
struct MessageEdges {
  const std::uint8_t* rows = nullptr;
  const std::uint32_t* parents = nullptr;
  const std::uint32_t* children = nullptr;
  const float* weights = nullptr;
  std::size_t count = 0;  // at most kMostChildren a parent
  float gain = 1.0F;
};

/// AddMessage for every parent. Shape: y[parents][map.out].
void AddMessages(const PackedMap& map, const MessageEdges& edges, RowScratch& scratch, float* y);

/// y += x W, in fp32. Shape: x[in], weights[in][out], y[out]; `out` a multiple of kRowPadding.
void AddFloats(const float* x, std::size_t in, const float* weights, std::size_t out, float* y);

/// Writes u of max(y, 0). Shape: y, u: [count * width]; `width` a multiple of kRowPadding.
void FinishRows(const PackedSteps& steps, const float* y, std::size_t count, std::size_t width,
                std::uint8_t* u);

}  // namespace recoup::model
