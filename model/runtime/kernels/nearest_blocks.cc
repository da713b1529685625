#include "model/runtime/kernels/nearest_blocks.h"

#include "model/runtime/kernels/highway_targets.h"
//
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/runtime/kernels/nearest_blocks.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace recoup::model {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, kBlockRows>;
using FloatVector = hn::Vec<Floats>;

// After this many columns it is worth asking whether the rest can still matter.
constexpr std::size_t kColumnsAtOnce = 8;

// The four sums of one vector of rows. A plain array: not every compiler gives the constructor of a
// struct the instruction set of its vectors.
using Sums = FloatVector[4];

HWY_INLINE void Clear(Sums& sums) {
  for (FloatVector& sum : sums) sum = hn::Zero(Floats());
}

HWY_INLINE void AddSquare(FloatVector difference, FloatVector& sum) {
  sum = hn::Add(sum, hn::Mul(difference, difference));
}

HWY_INLINE FloatVector TotalOf(const Sums& sums) {
  return hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3]));
}

// Adds up columns [begin, end), of which those from `rest` on go into the first sum; `difference`
// gives one column's.
template <typename Difference>
HWY_INLINE void AddColumns(std::size_t begin, std::size_t end, std::size_t rest,
                           Difference difference, Sums& sums) {
  std::size_t c = begin;
  for (; c + 4 <= end && c + 4 <= rest; c += 4) {
    for (std::size_t sum = 0; sum < 4; ++sum) AddSquare(difference(c + sum), sums[sum]);
  }
  for (; c < end; ++c) AddSquare(difference(c), sums[0]);
}

// One bit for each lane that is not beyond `most`.
HWY_INLINE std::uint32_t BitsWithin(FloatVector distances, FloatVector most) {
  std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(Floats(), hn::Le(distances, most), bytes);
  return bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8;
}

std::uint32_t BlockDistances(std::span<const float> query, RowBlock block, float limit,
                             float* distances) {
  const Floats floats;
  const std::size_t lanes = hn::Lanes(floats);
  const std::size_t width = query.size();
  const std::size_t rest = width / 4 * 4;
  const FloatVector most = hn::Set(floats, limit);
  std::uint32_t within = 0;
  for (std::size_t row = 0; row < kBlockRows; row += lanes) {
    const auto difference = [&](std::size_t column) HWY_ATTR {
      return hn::Sub(hn::Set(floats, query[column]),
                     hn::Load(floats, block.values + column * kBlockRows + row));
    };
    Sums sums;
    Clear(sums);
    std::size_t begin = 0;
    for (; begin + kColumnsAtOnce < width; begin += kColumnsAtOnce) {
      AddColumns(begin, begin + kColumnsAtOnce, rest, difference, sums);
      // No term is negative, and rounding keeps order: the total can only grow.
      if (hn::AllTrue(floats, hn::Gt(TotalOf(sums), most))) break;
    }
    if (begin + kColumnsAtOnce >= width) AddColumns(begin, width, rest, difference, sums);
    const FloatVector total = TotalOf(sums);
    hn::Store(total, floats, distances + row);
    within |= BitsWithin(total, most) << row;
  }
  return within;
}

std::uint32_t BoxDistances(std::span<const float> query, BoxBlock boxes, float limit,
                           float* distances) {
  const Floats floats;
  const std::size_t lanes = hn::Lanes(floats);
  const std::size_t width = query.size();
  const FloatVector most = hn::Set(floats, limit);
  std::uint32_t within = 0;
  for (std::size_t box = 0; box < kBlockRows; box += lanes) {
    // Outside of the box one of the two is positive; that of a row within is no smaller.
    const auto difference = [&](std::size_t column) HWY_ATTR {
      const std::size_t at = column * kBlockRows + box;
      const FloatVector asked = hn::Set(floats, query[column]);
      const FloatVector below = hn::Sub(hn::Load(floats, boxes.low + at), asked);
      const FloatVector above = hn::Sub(asked, hn::Load(floats, boxes.high + at));
      return hn::Max(hn::Max(below, above), hn::Zero(floats));
    };
    Sums sums;
    Clear(sums);
    AddColumns(0, width, width / 4 * 4, difference, sums);
    const FloatVector total = TotalOf(sums);
    hn::Store(total, floats, distances + box);
    within |= BitsWithin(total, most) << box;
  }
  return within;
}

}  // namespace HWY_NAMESPACE
}  // namespace recoup::model
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace recoup::model {

HWY_EXPORT(BlockDistances);
HWY_EXPORT(BoxDistances);

float SquaredDistance(std::span<const float> query, const float* row) {
  float sums[4] = {0.0F, 0.0F, 0.0F, 0.0F};
  const std::size_t rest = query.size() / 4 * 4;
  for (std::size_t i = 0; i < query.size(); ++i) {
    const float difference = query[i] - row[i];
    sums[i < rest ? i % 4 : 0] += difference * difference;
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

std::uint32_t BlockDistances(std::span<const float> query, RowBlock block, float limit,
                             float* distances) {
  return HWY_DYNAMIC_DISPATCH(BlockDistances)(query, block, limit, distances);
}

std::uint32_t BoxDistances(std::span<const float> query, BoxBlock boxes, float limit,
                           float* distances) {
  return HWY_DYNAMIC_DISPATCH(BoxDistances)(query, boxes, limit, distances);
}

}  // namespace recoup::model
#endif
