#include "model/runtime/kernels/quantized_rows.h"

#include "model/runtime/kernels/highway_targets.h"
//
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/runtime/kernels/quantized_rows.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace recoup::model {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// At most kRowPadding lanes: padded rows are then whole vectors.
using Floats = hn::CappedTag<float, kRowPadding>;
using Ints = hn::RebindToSigned<Floats>;
using Bytes = hn::Rebind<std::uint8_t, Floats>;
using FloatVector = hn::Vec<Floats>;
using IntVector = hn::Vec<Ints>;

// sum += the four products of unsigned bytes of x with signed bytes of w, in every lane; exact.
HWY_INLINE IntVector AddQuads(IntVector sum, IntVector x, IntVector w) {
#if HWY_TARGET == HWY_AVX3_DL
  // Highway 1.0 knows that the processor has the instruction, but does not tell the compiler, which
  // then refuses the intrinsic.
  asm("vpdpbusd %2, %1, %0" : "+v"(sum.raw) : "v"(x.raw), "v"(w.raw));
  return sum;
#elif HWY_TARGET == HWY_AVX2
  // Products of bytes in pairs of 16 bits, even and odd ones apart: vpmaddubsw would saturate.
  const __m256i even_x = _mm256_and_si256(x.raw, _mm256_set1_epi16(0x00FF));
  const __m256i odd_x = _mm256_srli_epi16(x.raw, 8);
  const __m256i even_w = _mm256_srai_epi16(_mm256_slli_epi16(w.raw, 8), 8);
  const __m256i odd_w = _mm256_srai_epi16(w.raw, 8);
  const __m256i even = _mm256_madd_epi16(even_x, even_w);
  const __m256i odd = _mm256_madd_epi16(odd_x, odd_w);
  return IntVector{_mm256_add_epi32(sum.raw, _mm256_add_epi32(even, odd))};
#else
  const Ints ints;
  const IntVector byte = hn::Set(ints, 0xFF);
  sum = hn::Add(sum, hn::Mul(hn::And(x, byte), hn::ShiftRight<24>(hn::ShiftLeft<24>(w))));
  sum = hn::Add(
      sum, hn::Mul(hn::And(hn::ShiftRight<8>(x), byte), hn::ShiftRight<24>(hn::ShiftLeft<16>(w))));
  sum = hn::Add(
      sum, hn::Mul(hn::And(hn::ShiftRight<16>(x), byte), hn::ShiftRight<24>(hn::ShiftLeft<8>(w))));
  return hn::Add(sum, hn::Mul(hn::And(hn::ShiftRight<24>(x), byte), hn::ShiftRight<24>(w)));
#endif
}

HWY_INLINE IntVector FourInputs(const std::uint8_t* u) {
  std::int32_t four = 0;
  std::memcpy(&four, u, sizeof four);
  return hn::Set(Ints(), four);
}

// Sums over inputs [begin, end) for kRows rows and kVectors vectors of outputs from `o` on: every
// weight that is loaded serves all rows. Shape: u[r][map.in].
template <std::size_t kRows, std::size_t kVectors>
struct Sums {
  IntVector of[kRows][kVectors];

  HWY_INLINE Sums() {}  // the compiler's own would not be for the instruction set of its vectors

  HWY_INLINE void Multiply(const PackedMap& map, const std::uint8_t* u, std::size_t o,
                           std::size_t begin, std::size_t end) {
    // A single row has too few sums for the multipliers: two of each, of integers, hide their
    // latency and add up to the same.
    constexpr std::size_t kChains = kRows == 1 ? 2 : 1;
    const Ints ints;
    const std::size_t lanes = hn::Lanes(ints);
    IntVector sums[kChains][kRows][kVectors];
    for (auto& chain : sums) {
      for (auto& row : chain) {
        for (IntVector& sum : row) sum = hn::Zero(ints);
      }
    }
    const std::int8_t* weights = map.weights.data() + begin * map.out + 4 * o;
    std::size_t i = begin;
    const auto step = [&](auto& chain) HWY_ATTR {
      for (std::size_t v = 0; v < kVectors; ++v) {
        const IntVector w =
            hn::LoadU(ints, reinterpret_cast<const std::int32_t*>(weights + 4 * v * lanes));
        for (std::size_t r = 0; r < kRows; ++r) {
          chain[r][v] = AddQuads(chain[r][v], FourInputs(u + r * map.in + i), w);
        }
      }
      weights += 4 * map.out;
      i += 4;
    };
    for (; i + 4 * kChains <= end;) {
      for (auto& chain : sums) step(chain);
    }
    if (i < end) step(sums[0]);
    for (std::size_t r = 0; r < kRows; ++r) {
      for (std::size_t v = 0; v < kVectors; ++v) {
        of[r][v] = sums[0][r][v];
        if constexpr (kChains == 2) of[r][v] = hn::Add(of[r][v], sums[1][r][v]);
      }
    }
  }
};

// Adds map u to y[r][v], group by group.
template <std::size_t kRows, std::size_t kVectors>
HWY_INLINE void AddOutputs(const PackedMap& map, const std::uint8_t* u, std::size_t o,
                           FloatVector (&y)[kRows][kVectors]) {
  const Floats floats;
  const std::size_t lanes = hn::Lanes(floats);
  const float* scales = map.scales.data() + o;
  for (std::size_t begin = 0; begin < map.in; begin += map.group, scales += map.out) {
    Sums<kRows, kVectors> sums;
    sums.Multiply(map, u, o, begin, std::min(begin + map.group, map.in));
    for (std::size_t v = 0; v < kVectors; ++v) {
      const FloatVector scale = hn::LoadU(floats, scales + v * lanes);
      for (std::size_t r = 0; r < kRows; ++r) {
        y[r][v] = hn::Add(y[r][v], hn::Mul(hn::ConvertTo(floats, sums.of[r][v]), scale));
      }
    }
  }
}

// Adds map u to the rows that `y` points to.
template <std::size_t kRows, std::size_t kVectors>
HWY_INLINE void AddBlock(const PackedMap& map, const std::uint8_t* u, std::size_t o,
                         float* const* y) {
  const Floats floats;
  const std::size_t lanes = hn::Lanes(floats);
  FloatVector sums[kRows][kVectors];
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = hn::LoadU(floats, y[r] + o + v * lanes);
  }
  AddOutputs<kRows, kVectors>(map, u, o, sums);
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[r][v], floats, y[r] + o + v * lanes);
  }
}

template <std::size_t kRows>
HWY_INLINE void AddMap(const PackedMap& map, const std::uint8_t* u, float* const* y) {
  const std::size_t lanes = hn::Lanes(Floats());
  std::size_t o = 0;
  for (; o + 2 * lanes <= map.out; o += 2 * lanes) AddBlock<kRows, 2>(map, u, o, y);
  for (; o < map.out; o += lanes) AddBlock<kRows, 1>(map, u, o, y);
}

constexpr std::size_t kRowsAtOnce = 4;

// Calls `work` with the number of rows, 1 to kRowsAtOnce, as a constant.
template <typename Work>
HWY_INLINE void WithRows(std::size_t rows, Work work) {
  switch (rows) {
    case 1:
      return work(std::integral_constant<std::size_t, 1>());
    case 2:
      return work(std::integral_constant<std::size_t, 2>());
    case 3:
      return work(std::integral_constant<std::size_t, 3>());
    default:
      return work(std::integral_constant<std::size_t, kRowsAtOnce>());
  }
}

// Bytes of clamp(t, 0, levels), rounded to the nearest, ties to even.
HWY_INLINE void StoreRounded(FloatVector t, float levels, std::uint8_t* u) {
  const Floats floats;
  const FloatVector within = hn::Min(hn::Max(t, hn::Zero(floats)), hn::Set(floats, levels));
  hn::StoreU(hn::DemoteTo(Bytes(), hn::NearestInt(within)), Bytes(), u);
}

HWY_INLINE void FinishRow(const PackedSteps& steps, const float* y, std::size_t width,
                          std::uint8_t* u) {
  const Floats floats;
  for (std::size_t c = 0; c < width; c += hn::Lanes(floats)) {
    const FloatVector t =
        hn::Mul(hn::LoadU(floats, y + c), hn::LoadU(floats, steps.inverse.data() + c));
    StoreRounded(t, steps.levels, u + c);
  }
}

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
