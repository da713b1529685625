#include "model/runtime/kernels/quantized_rows.h"

#include "model/runtime/kernels/highway_targets.h"
//
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/runtime/kernels/quantized_rows.cc"
#include <hwy/foreach_target.h>
//
#include <algorithm>
#include <cstring>

#include "model/runtime/kernels/byte_products-inl.h"

HWY_BEFORE_NAMESPACE();
namespace recoup::model {
namespace HWY_NAMESPACE {

// Loads what is left of a row, and zeros.
HWY_INLINE FloatVector LoadUpTo(const float* row, std::size_t left) {
  const Floats floats;
  if (left >= hn::Lanes(floats)) return hn::LoadU(floats, row);
#if HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_AVX2
  return hn::MaskedLoad(hn::FirstN(floats, left), floats, row);
#else
  // Without such an instruction Highway reads what it leaves out, which may lie behind the last
  // page of the rows.
  float few[kRowPadding] = {};
  std::memcpy(few, row, left * sizeof(float));
  return hn::LoadU(floats, few);
#endif
}

// What is written is padded to whole vectors.
HWY_INLINE void QuantizeNumeric(const PackedInput& input, const float* row, std::uint8_t* u) {
  const Floats floats;
  for (std::size_t c = 0; c < input.width; c += hn::Lanes(floats)) {
    const FloatVector scaled = hn::Mul(LoadUpTo(row + c, input.width - c),
                                       hn::LoadU(floats, input.inverse_steps.data() + c));
    StoreRounded(hn::Add(scaled, hn::LoadU(floats, input.zeros.data() + c)), 255.0F, u + c);
  }
}

// Rows of one kind that enter together.
struct EnteringRows {
  const std::uint8_t* numeric = nullptr;     // quantized, [kRows][numeric.in]
  const std::int32_t* categories = nullptr;  // [kRows][tables]
  std::uint8_t* out = nullptr;               // [kRows][H]
};

// From bytes to bytes without leaving the registers between.
template <std::size_t kRows, std::size_t kVectors>
HWY_INLINE void EmbedBlock(const PackedInput& input, const EnteringRows& rows, std::size_t o) {
  const Floats floats;
  const std::size_t lanes = hn::Lanes(floats);
  const std::size_t width = input.numeric.out;
  const std::size_t tables = input.categories.size();
  FloatVector y[kRows][kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) {
    const FloatVector bias = hn::LoadU(floats, input.bias.data() + o + v * lanes);
    for (std::size_t r = 0; r < kRows; ++r) y[r][v] = bias;
  }
  AddOutputs<kRows, kVectors>(input.numeric, rows.numeric, o, y);
  for (std::size_t c = 0; c < tables; ++c) {
    const float* table = input.categories[c].data() + o;
    for (std::size_t r = 0; r < kRows; ++r) {
      const auto word = static_cast<std::size_t>(rows.categories[r * tables + c]);
      for (std::size_t v = 0; v < kVectors; ++v) {
        y[r][v] = hn::Add(y[r][v], hn::LoadU(floats, table + word * width + v * lanes));
      }
    }
  }
  for (std::size_t v = 0; v < kVectors; ++v) {
    const FloatVector inverse = hn::LoadU(floats, input.steps.inverse.data() + o + v * lanes);
    for (std::size_t r = 0; r < kRows; ++r) {
      StoreRounded(hn::Mul(y[r][v], inverse), input.steps.levels,
                   rows.out + r * width + o + v * lanes);
    }
  }
}

template <std::size_t kRows>
HWY_INLINE void EmbedSome(const PackedInput& input, const EnteringRows& rows) {
  const std::size_t lanes = hn::Lanes(Floats());
  const std::size_t width = input.numeric.out;
  std::size_t o = 0;
  for (; o + 2 * lanes <= width; o += 2 * lanes) EmbedBlock<kRows, 2>(input, rows, o);
  for (; o < width; o += lanes) EmbedBlock<kRows, 1>(input, rows, o);
}

void EmbedRows(const PackedInput& input, const float* numeric, const std::int32_t* categories,
               std::size_t count, RowScratch& scratch, std::uint8_t* out) {
  const std::size_t in = input.numeric.in;
  const std::size_t tables = input.categories.size();
  // A row's padding runs into the next one, which is written after it.
  scratch.bytes.resize(std::max(scratch.bytes.size(), kRowsAtOnce * in + kRowPadding));
  for (std::size_t begin = 0; begin < count; begin += kRowsAtOnce) {
    const std::size_t some = std::min(kRowsAtOnce, count - begin);
    for (std::size_t r = 0; r < some; ++r) {
      QuantizeNumeric(input, numeric + (begin + r) * input.width, scratch.bytes.data() + r * in);
    }
    const EnteringRows rows{scratch.bytes.data(), categories + begin * tables,
                            out + begin * input.numeric.out};
    WithRows(some, [&](auto rows_at_once) HWY_ATTR { EmbedSome<rows_at_once()>(input, rows); });
  }
}

// Adds map u to consecutive rows of y.
HWY_INLINE void AddSome(const PackedMap& map, const std::uint8_t* u, std::size_t rows, float* y) {
  float* to[kRowsAtOnce];
  for (std::size_t r = 0; r < rows; ++r) to[r] = y + r * map.out;
  WithRows(rows, [&](auto rows_at_once) HWY_ATTR { AddMap<rows_at_once()>(map, u, to); });
}

void StartRows(const PackedMap& map, const float* bias, const std::uint8_t* u, std::size_t count,
               float* y) {
  for (std::size_t begin = 0; begin < count; begin += kRowsAtOnce) {
    const std::size_t rows = std::min(kRowsAtOnce, count - begin);
    float* first = y + begin * map.out;
    for (std::size_t r = 0; r < rows; ++r) std::copy_n(bias, map.out, first + r * map.out);
    AddSome(map, u + begin * map.in, rows, first);
  }
}

void AddRow(const PackedMap& map, const std::uint8_t* u, float* y) { AddSome(map, u, 1, y); }

HWY_INLINE bool AllOnes(const float* weights, std::size_t count) {
  return std::all_of(weights, weights + count, [](float weight) { return weight == 1.0F; });
}

// Rounds like the kernels: to the nearest, ties to even. REQUIRES: 0 <= weight <= 1.
HWY_INLINE std::int32_t In256ths(float weight) {
  const Floats floats;
  return hn::GetLane(hn::NearestInt(hn::Set(floats, weight * 256.0F)));
}

// Writes the mean over children. Shape: mean[width].
HWY_INLINE void MeanOf(const MessageInput& message, std::size_t width, std::uint8_t* mean) {
  const Floats floats;
  const Ints ints;
  // Powers of two do not round, so whole children may be summed without their factor of 256.
  const bool whole = AllOnes(message.weights, message.count);
  const float per_child = message.gain / static_cast<float>(message.count);
  const FloatVector share = hn::Set(floats, whole ? per_child : per_child * (1.0F / 256.0F));
  for (std::size_t c = 0; c < width; c += hn::Lanes(floats)) {
    IntVector sum = hn::Zero(ints);
    for (std::size_t j = 0; j < message.count; ++j) {
      const std::uint8_t* child = message.rows + message.children[j] * width + c;
      IntVector u = hn::PromoteTo(ints, hn::LoadU(Bytes(), child));
      if (!whole) u = hn::Mul(u, hn::Set(ints, In256ths(message.weights[j])));
      sum = hn::Add(sum, u);
    }
    StoreRounded(hn::Mul(hn::ConvertTo(floats, sum), share), 255.0F, mean + c);
  }
}

void AddMessage(const PackedMap& map, const MessageInput& message, RowScratch& scratch, float* y) {
  scratch.bytes.resize(std::max(scratch.bytes.size(), map.in));
  MeanOf(message, map.in, scratch.bytes.data());
  AddSome(map, scratch.bytes.data(), 1, y);
}

void AddMessages(const PackedMap& map, const MessageEdges& edges, RowScratch& scratch, float* y) {
  const std::size_t width = map.in;
  scratch.bytes.resize(std::max(scratch.bytes.size(), kRowsAtOnce * width));
  float* to[kRowsAtOnce];
  std::size_t waiting = 0;
  const auto add = [&]() HWY_ATTR {
    WithRows(waiting, [&](auto rows_at_once)
                          HWY_ATTR { AddMap<rows_at_once()>(map, scratch.bytes.data(), to); });
    waiting = 0;
  };
  for (std::size_t begin = 0; begin < edges.count;) {
    std::size_t end = begin + 1;
    while (end < edges.count && edges.parents[end] == edges.parents[begin]) ++end;
    MeanOf({edges.rows, edges.children + begin, edges.weights + begin, end - begin, edges.gain},
           width, scratch.bytes.data() + waiting * width);
    to[waiting++] = y + edges.parents[begin] * map.out;
    if (waiting == kRowsAtOnce) add();
    begin = end;
  }
  if (waiting > 0) add();
}

void AddFloats(const float* x, std::size_t in, const float* weights, std::size_t out, float* y) {
  const Floats floats;
  for (std::size_t o = 0; o < out; o += hn::Lanes(floats)) {
    FloatVector sum = hn::LoadU(floats, y + o);
    for (std::size_t i = 0; i < in; ++i) {
      const FloatVector weight = hn::LoadU(floats, weights + i * out + o);
      sum = hn::Add(sum, hn::Mul(hn::Set(floats, x[i]), weight));
    }
    hn::StoreU(sum, floats, y + o);
  }
}

void FinishRows(const PackedSteps& steps, const float* y, std::size_t count, std::size_t width,
                std::uint8_t* u) {
  for (std::size_t r = 0; r < count; ++r) FinishRow(steps, y + r * width, width, u + r * width);
}

}  // namespace HWY_NAMESPACE
}  // namespace recoup::model
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace recoup::model {

HWY_EXPORT(EmbedRows);
HWY_EXPORT(StartRows);
HWY_EXPORT(AddRow);
HWY_EXPORT(AddMessage);
HWY_EXPORT(AddMessages);
HWY_EXPORT(AddFloats);
HWY_EXPORT(FinishRows);

void EmbedRows(const PackedInput& input, const float* numeric, const std::int32_t* categories,
               std::size_t count, RowScratch& scratch, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(EmbedRows)(input, numeric, categories, count, scratch, out);
}

void StartRows(const PackedMap& map, const float* bias, const std::uint8_t* u, std::size_t count,
               float* y) {
  HWY_DYNAMIC_DISPATCH(StartRows)(map, bias, u, count, y);
}

void AddRow(const PackedMap& map, const std::uint8_t* u, float* y) {
  HWY_DYNAMIC_DISPATCH(AddRow)(map, u, y);
}

void AddMessage(const PackedMap& map, const MessageInput& message, RowScratch& scratch, float* y) {
  HWY_DYNAMIC_DISPATCH(AddMessage)(map, message, scratch, y);
}

void AddMessages(const PackedMap& map, const MessageEdges& edges, RowScratch& scratch, float* y) {
  HWY_DYNAMIC_DISPATCH(AddMessages)(map, edges, scratch, y);
}

void AddFloats(const float* x, std::size_t in, const float* weights, std::size_t out, float* y) {
  HWY_DYNAMIC_DISPATCH(AddFloats)(x, in, weights, out, y);
}

void FinishRows(const PackedSteps& steps, const float* y, std::size_t count, std::size_t width,
                std::uint8_t* u) {
  HWY_DYNAMIC_DISPATCH(FinishRows)(steps, y, count, width, u);
}

}  // namespace recoup::model
#endif
