#include "model/runtime/kernels/float_rows.h"

#include "model/runtime/kernels/highway_targets.h"
//
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/runtime/kernels/float_rows.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace recoup::model {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;

// What is left after the whole vectors goes one by one.
using One = hn::CappedTag<float, 1>;

// y += x W of `kRows` rows, over outputs [o, o + kVectors * lanes): sums stay in registers, and
// every weight that is loaded serves all rows.
template <std::size_t kRows, std::size_t kVectors, typename D>
HWY_INLINE void AddOutputs(D d, const FloatMap& map, const float* x, std::size_t o, float* y) {
  const std::size_t lanes = hn::Lanes(d);
  hn::Vec<D> sums[kRows][kVectors];
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      sums[r][v] = hn::LoadU(d, y + r * map.out + o + v * lanes);
    }
  }
  const float* weights = map.weights + o;
  for (std::size_t i = 0; i < map.in; ++i, weights += map.out) {
    hn::Vec<D> w[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) w[v] = hn::LoadU(d, weights + v * lanes);
    for (std::size_t r = 0; r < kRows; ++r) {
      const hn::Vec<D> input = hn::Set(d, x[r * map.in + i]);
      for (std::size_t v = 0; v < kVectors; ++v) {
        sums[r][v] = hn::Add(sums[r][v], hn::Mul(input, w[v]));
      }
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      hn::StoreU(sums[r][v], d, y + r * map.out + o + v * lanes);
    }
  }
}

template <std::size_t kRows>
HWY_INLINE void AddMap(const FloatMap& map, const float* x, float* y) {
  const std::size_t lanes = hn::Lanes(Floats());
  std::size_t o = 0;
  for (; o + 4 * lanes <= map.out; o += 4 * lanes) AddOutputs<kRows, 4>(Floats(), map, x, o, y);
  for (; o + lanes <= map.out; o += lanes) AddOutputs<kRows, 1>(Floats(), map, x, o, y);
  for (; o < map.out; ++o) AddOutputs<kRows, 1>(One(), map, x, o, y);
}

void AddFloatRows(const FloatMap& map, const float* x, std::size_t count, float* y) {
  // AVX-512 has 32 registers for the sums; where there are 16, fewer rows leave the sums in them.
  constexpr std::size_t kRows = HWY_TARGET <= HWY_AVX3 ? 4 : 2;
  std::size_t row = 0;
  for (; row + kRows <= count; row += kRows)
    AddMap<kRows>(map, x + row * map.in, y + row * map.out);
  for (; row < count; ++row) AddMap<1>(map, x + row * map.in, y + row * map.out);
}

template <std::size_t kVectors, typename D>
HWY_INLINE void MeanOver(D d, const FloatMessage& message, std::size_t width, std::size_t c,
                         float* mean) {
  const std::size_t lanes = hn::Lanes(d);
  hn::Vec<D> sums[kVectors];
  for (auto& sum : sums) sum = hn::Zero(d);
  for (std::size_t j = 0; j < message.count; ++j) {
    const float* child = message.rows + message.children[j] * width + c;
    // A product with 1 is exact.
    const hn::Vec<D> weight = hn::Set(d, message.weights == nullptr ? 1.0F : message.weights[j]);
    for (std::size_t v = 0; v < kVectors; ++v) {
      sums[v] = hn::Add(sums[v], hn::Mul(weight, hn::LoadU(d, child + v * lanes)));
    }
  }
  const hn::Vec<D> share = hn::Set(d, 1.0F / static_cast<float>(message.count));
  for (std::size_t v = 0; v < kVectors; ++v) {
    hn::StoreU(hn::Mul(sums[v], share), d, mean + c + v * lanes);
  }
}

void MeanOfChildren(const FloatMessage& message, std::size_t width, float* mean) {
  const Floats floats;
  const std::size_t lanes = hn::Lanes(floats);
  std::size_t c = 0;
  for (; c + 4 * lanes <= width; c += 4 * lanes) MeanOver<4>(floats, message, width, c, mean);
  for (; c + lanes <= width; c += lanes) MeanOver<1>(floats, message, width, c, mean);
  for (; c < width; ++c) MeanOver<1>(One(), message, width, c, mean);
}

void RectifyFloats(float* y, std::size_t n) {
  const Floats floats;
  const std::size_t lanes = hn::Lanes(floats);
  const hn::Vec<Floats> zero = hn::Zero(floats);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const hn::Vec<Floats> value = hn::LoadU(floats, y + i);
    hn::StoreU(hn::IfThenElse(hn::Lt(value, zero), zero, value), floats, y + i);
  }
  for (; i < n; ++i) y[i] = y[i] < 0.0F ? 0.0F : y[i];
}

}  // namespace HWY_NAMESPACE
}  // namespace recoup::model
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace recoup::model {

HWY_EXPORT(AddFloatRows);
HWY_EXPORT(MeanOfChildren);
HWY_EXPORT(RectifyFloats);

void AddFloatRows(const FloatMap& map, const float* x, std::size_t count, float* y) {
  HWY_DYNAMIC_DISPATCH(AddFloatRows)(map, x, count, y);
}

void MeanOfChildren(const FloatMessage& message, std::size_t width, float* mean) {
  HWY_DYNAMIC_DISPATCH(MeanOfChildren)(message, width, mean);
}

void RectifyFloats(float* y, std::size_t n) { HWY_DYNAMIC_DISPATCH(RectifyFloats)(y, n); }

}  // namespace recoup::model
#endif
