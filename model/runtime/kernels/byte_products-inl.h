// Rows of bytes through maps of bytes, for one instruction set: the loops that quantized_rows.cc is
// made of. Compiled once a target, as Highway wants it.
#include "model/runtime/kernels/quantized_rows.h"
//
#if defined(RECOUP_BYTE_PRODUCTS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef RECOUP_BYTE_PRODUCTS_INL_H
#undef RECOUP_BYTE_PRODUCTS_INL_H
#else
#define RECOUP_BYTE_PRODUCTS_INL_H
#endif

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

}  // namespace HWY_NAMESPACE
}  // namespace recoup::model
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
