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

// Adds map u of `kRows` rows to y, over outputs [o, o + kVectors * lanes): every weight that is
// loaded serves all rows.
template <std::size_t kRows, std::size_t kVectors>
HWY_INLINE void AddOutputs(const PackedMap& map, const std::uint8_t* u, std::size_t o, float* y) {
  const Floats floats;
  const Ints ints;
  const std::size_t lanes = hn::Lanes(floats);
  const float* scales = map.scales.data() + o;
  for (std::size_t begin = 0; begin < map.in; begin += map.group, scales += map.out) {
    const std::size_t end = std::min(begin + map.group, map.in);
    IntVector sums[kRows][kVectors];
    for (auto& row : sums) {
      for (IntVector& sum : row) sum = hn::Zero(ints);
    }
    const std::int8_t* weights = map.weights.data() + begin * map.out + 4 * o;
    for (std::size_t i = begin; i < end; i += 4, weights += 4 * map.out) {
      IntVector w[kVectors];
      for (std::size_t v = 0; v < kVectors; ++v) {
        w[v] = hn::LoadU(ints, reinterpret_cast<const std::int32_t*>(weights + 4 * v * lanes));
      }
      for (std::size_t r = 0; r < kRows; ++r) {
        const IntVector x = FourInputs(u + r * map.in + i);
        for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = AddQuads(sums[r][v], x, w[v]);
      }
    }
    for (std::size_t v = 0; v < kVectors; ++v) {
      const FloatVector scale = hn::LoadU(floats, scales + v * lanes);
      for (std::size_t r = 0; r < kRows; ++r) {
        float* at = y + r * map.out + o + v * lanes;
        const FloatVector part = hn::Mul(hn::ConvertTo(floats, sums[r][v]), scale);
        hn::StoreU(hn::Add(hn::LoadU(floats, at), part), floats, at);
      }
    }
  }
}

template <std::size_t kRows>
HWY_INLINE void AddMap(const PackedMap& map, const std::uint8_t* u, float* y) {
  const std::size_t lanes = hn::Lanes(Floats());
  std::size_t o = 0;
  for (; o + 2 * lanes <= map.out; o += 2 * lanes) AddOutputs<kRows, 2>(map, u, o, y);
  for (; o < map.out; o += lanes) AddOutputs<kRows, 1>(map, u, o, y);
}

constexpr std::size_t kRowsAtOnce = 4;

// Adds map u to y for up to kRowsAtOnce rows.
HWY_INLINE void AddSome(const PackedMap& map, const std::uint8_t* u, std::size_t rows, float* y) {
  if (rows == kRowsAtOnce) return AddMap<kRowsAtOnce>(map, u, y);
  for (std::size_t r = 0; r < rows; ++r) AddMap<1>(map, u + r * map.in, y + r * map.out);
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

// `row` is padded with zeros to whole vectors, and so is what is written.
HWY_INLINE void QuantizeNumeric(const PackedInput& input, const float* row, std::uint8_t* u) {
  const Floats floats;
  for (std::size_t c = 0; c < input.numeric.in; c += hn::Lanes(floats)) {
    const FloatVector scaled =
        hn::Mul(hn::LoadU(floats, row + c), hn::LoadU(floats, input.inverse_steps.data() + c));
    StoreRounded(hn::Add(scaled, hn::LoadU(floats, input.zeros.data() + c)), 255.0F, u + c);
  }
}

HWY_INLINE void AddTo(const float* x, std::size_t width, float* y) {
  const Floats floats;
  for (std::size_t c = 0; c < width; c += hn::Lanes(floats)) {
    hn::StoreU(hn::Add(hn::LoadU(floats, y + c), hn::LoadU(floats, x + c)), floats, y + c);
  }
}

void EmbedRows(const PackedInput& input, const float* numeric, const std::int32_t* categories,
               std::size_t count, RowScratch& scratch, std::uint8_t* out) {
  const std::size_t width = input.numeric.out;
  const std::size_t in = input.numeric.in;
  const std::size_t tables = input.categories.size();
  const std::size_t whole = PaddedWidth(in);
  scratch.floats.resize(std::max(scratch.floats.size(), whole + kRowsAtOnce * width));
  // A row's padding runs into the next one, which is written after it.
  scratch.bytes.resize(std::max(scratch.bytes.size(), kRowsAtOnce * in + kRowPadding));
  float* padded = scratch.floats.data();
  float* y = padded + whole;
  std::fill(padded + input.width, padded + whole, 0.0F);
  for (std::size_t begin = 0; begin < count; begin += kRowsAtOnce) {
    const std::size_t rows = std::min(kRowsAtOnce, count - begin);
    for (std::size_t r = 0; r < rows; ++r) {
      const std::size_t row = begin + r;
      std::memcpy(padded, numeric + row * input.width, input.width * sizeof(float));
      QuantizeNumeric(input, padded, scratch.bytes.data() + r * in);
      std::memcpy(y + r * width, input.bias.data(), width * sizeof(float));
    }
    AddSome(input.numeric, scratch.bytes.data(), rows, y);
    for (std::size_t r = 0; r < rows; ++r) {
      const std::int32_t* words = categories + (begin + r) * tables;
      for (std::size_t c = 0; c < tables; ++c) {
        const auto word = static_cast<std::size_t>(words[c]);
        AddTo(input.categories[c].data() + word * width, width, y + r * width);
      }
      FinishRow(input.steps, y + r * width, width, out + (begin + r) * width);
    }
  }
}

void StartRows(const PackedMap& map, const float* bias, const std::uint8_t* u, std::size_t count,
               float* y) {
  for (std::size_t begin = 0; begin < count; begin += kRowsAtOnce) {
    const std::size_t rows = std::min(kRowsAtOnce, count - begin);
    float* first = y + begin * map.out;
    for (std::size_t r = 0; r < rows; ++r) {
      std::memcpy(first + r * map.out, bias, map.out * sizeof(float));
    }
    AddSome(map, u + begin * map.in, rows, first);
  }
}

void AddRow(const PackedMap& map, const std::uint8_t* u, float* y) { AddMap<1>(map, u, y); }

HWY_INLINE bool AllOnes(const float* weights, std::size_t count) {
  return std::all_of(weights, weights + count, [](float weight) { return weight == 1.0F; });
}

// Rounds like the kernels: to the nearest, ties to even. REQUIRES: 0 <= weight <= 1.
HWY_INLINE std::int32_t In256ths(float weight) {
  const Floats floats;
  return hn::GetLane(hn::NearestInt(hn::Set(floats, weight * 256.0F)));
}

void AddMessage(const PackedMap& map, const MessageInput& message, RowScratch& scratch, float* y) {
  const Floats floats;
  const Ints ints;
  const std::size_t width = map.in;
  scratch.bytes.resize(std::max(scratch.bytes.size(), width));
  std::uint8_t* mean = scratch.bytes.data();
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
  AddMap<1>(map, mean, y);
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

void AddFloats(const float* x, std::size_t in, const float* weights, std::size_t out, float* y) {
  HWY_DYNAMIC_DISPATCH(AddFloats)(x, in, weights, out, y);
}

void FinishRows(const PackedSteps& steps, const float* y, std::size_t count, std::size_t width,
                std::uint8_t* u) {
  HWY_DYNAMIC_DISPATCH(FinishRows)(steps, y, count, width, u);
}

}  // namespace recoup::model
#endif
