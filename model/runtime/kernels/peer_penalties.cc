#include "model/runtime/kernels/peer_penalties.h"

#include "model/runtime/kernels/highway_targets.h"
//
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/runtime/kernels/peer_penalties.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace recoup::model {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

void AddPenalties(const PenaltyMap& map, const LoanNumbers& loan,
                  std::span<const LoanNumbers> peers, float* penalties) {
  for (const LoanNumbers& peer : peers) {
    for (std::size_t d = 0; d < map.numeric(); ++d) {
      const float difference = std::abs(loan.numeric[d] - peer.numeric[d]);
      const float* weights = map.distance() + d * kPenaltyHeads;
      for (std::size_t h = 0; h < kPenaltyHeads; ++h) penalties[h] += difference * weights[h];
    }
    for (std::size_t c = 0; c < map.categories(); ++c) {
      const bool differs = loan.categories[c] != peer.categories[c];
      const float* weights = map.mismatch() + c * kPenaltyHeads;
      for (std::size_t h = 0; h < kPenaltyHeads; ++h) penalties[h] += differs ? weights[h] : 0.0F;
    }
    penalties += kPenaltyHeads;
  }
}

#else

// A vector is a row of blocks: one peer each, its four heads side by side.
static_assert(kPenaltyHeads == 4);
using Floats = hn::CappedTag<float, 16>;
using OneBlock = hn::CappedTag<float, 4>;

// The next `left` numbers of one row, up to four; zeros for what is beyond it.
template <typename D, typename T>
HWY_INLINE hn::Vec<D> LoadFour(D d, const T* row, std::size_t left) {
  if (HWY_LIKELY(left >= 4)) return hn::LoadU(d, row);
  T four[4] = {};
  std::memcpy(four, row, left * sizeof(T));
  return hn::LoadU(d, four);
}

// Four numbers of the row of each of a vector's peers.
template <typename D, typename RowOf>
HWY_INLINE hn::Vec<D> LoadRows(D d, const LoanNumbers* peers, const RowOf& row_of,
                               std::size_t left) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    return LoadFour(d, row_of(*peers), left);
  } else {
    const hn::Half<D> half;
    constexpr std::size_t kPeers = hn::MaxLanes(half) / 4;
    const auto lower = LoadRows(half, peers, row_of, left);
    const auto upper = LoadRows(half, peers + kPeers, row_of, left);
    return hn::Combine(d, upper, lower);
  }
}

// Repeats four numbers of the loan's row for every peer.
template <typename D, typename T>
HWY_INLINE hn::Vec<D> RepeatFour(D d, const T* row, std::size_t left) {
  if (HWY_LIKELY(left >= 4)) return hn::LoadDup128(d, row);
  alignas(16) T four[4] = {};
  std::memcpy(four, row, left * sizeof(T));
  return hn::LoadDup128(d, four);
}

// sums += the weights of one column, scaled by what `combine` makes of it and its number `kLane`.
template <int kLane, std::size_t kVectors, typename D, typename Combine>
HWY_INLINE void AddColumn(D d, const float* weights, const hn::Vec<D> (&numbers)[kVectors],
                          hn::Vec<D> (&sums)[kVectors], const Combine& combine) {
  const hn::Vec<D> weight = hn::LoadDup128(d, weights + kLane * kPenaltyHeads);
  for (std::size_t v = 0; v < kVectors; ++v) {
    sums[v] = hn::Add(sums[v], combine(hn::Broadcast<kLane>(numbers[v]), weight));
  }
}

template <std::size_t kVectors, typename D, typename Combine>
HWY_INLINE void AddFour(D d, const float* weights, const hn::Vec<D> (&numbers)[kVectors],
                        hn::Vec<D> (&sums)[kVectors], const Combine& combine) {
  AddColumn<0>(d, weights, numbers, sums, combine);
  AddColumn<1>(d, weights, numbers, sums, combine);
  AddColumn<2>(d, weights, numbers, sums, combine);
  AddColumn<3>(d, weights, numbers, sums, combine);
}

// `kVectors` vectors of peers at once: one waits for what the others compute.
template <std::size_t kVectors, typename D>
HWY_INLINE void AddVectors(D d, const PenaltyMap& map, const LoanNumbers& loan,
                           const LoanNumbers* peers, float* penalties) {
  constexpr std::size_t kLanes = hn::MaxLanes(D());
  constexpr std::size_t kPeers = kLanes / kPenaltyHeads;
  const hn::RebindToSigned<D> ints;
  hn::Vec<D> sums[kVectors];
  hn::Vec<D> numbers[kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) sums[v] = hn::LoadU(d, penalties + v * kLanes);
  for (std::size_t i = 0; i < map.numeric(); i += 4) {
    const std::size_t left = map.numeric() - i;
    const hn::Vec<D> own = RepeatFour(d, loan.numeric + i, left);
    for (std::size_t v = 0; v < kVectors; ++v) {
      const auto row = [i](const LoanNumbers& peer) { return peer.numeric + i; };
      numbers[v] = hn::Abs(hn::Sub(own, LoadRows(d, peers + v * kPeers, row, left)));
    }
    AddFour<kVectors>(d, map.distance() + i * kPenaltyHeads, numbers, sums,
                      [](auto number, auto weight) HWY_ATTR { return hn::Mul(number, weight); });
  }
  for (std::size_t i = 0; i < map.categories(); i += 4) {
    const std::size_t left = map.categories() - i;
    const auto own = RepeatFour(ints, loan.categories + i, left);
    for (std::size_t v = 0; v < kVectors; ++v) {
      const auto row = [i](const LoanNumbers& peer) { return peer.categories + i; };
      const auto differs = hn::Ne(own, LoadRows(ints, peers + v * kPeers, row, left));
      numbers[v] = hn::BitCast(d, hn::VecFromMask(ints, differs));  // all bits or none
    }
    AddFour<kVectors>(d, map.mismatch() + i * kPenaltyHeads, numbers, sums,
                      [](auto mask, auto weight) HWY_ATTR { return hn::And(mask, weight); });
  }
  for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[v], d, penalties + v * kLanes);
}

void AddPenalties(const PenaltyMap& map, const LoanNumbers& loan,
                  std::span<const LoanNumbers> peers, float* penalties) {
  constexpr std::size_t kPeers = hn::MaxLanes(Floats()) / kPenaltyHeads;
  const LoanNumbers* peer = peers.data();
  std::size_t i = 0;
  for (; i + 4 * kPeers <= peers.size(); i += 4 * kPeers) {
    AddVectors<4>(Floats(), map, loan, peer + i, penalties + i * kPenaltyHeads);
  }
  for (; i + kPeers <= peers.size(); i += kPeers) {
    AddVectors<1>(Floats(), map, loan, peer + i, penalties + i * kPenaltyHeads);
  }
  for (; i < peers.size(); ++i) {
    AddVectors<1>(OneBlock(), map, loan, peer + i, penalties + i * kPenaltyHeads);
  }
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace recoup::model
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace recoup::model {
namespace {

// Rows of `heads` weights as rows of kPenaltyHeads, zeros at the right and below.
AlignedVector<float> Padded(std::span<const float> weights, std::size_t heads,
                            std::size_t first_head) {
  const std::size_t rows = weights.size() / heads;
  AlignedVector<float> padded((rows + 3) / 4 * 4 * kPenaltyHeads, 0.0F);
  const std::size_t taken = std::min(kPenaltyHeads, heads - first_head);
  for (std::size_t row = 0; row < rows; ++row) {
    std::copy_n(weights.begin() + static_cast<std::ptrdiff_t>(row * heads + first_head), taken,
                padded.begin() + static_cast<std::ptrdiff_t>(row * kPenaltyHeads));
  }
  return padded;
}

}  // namespace

PenaltyMap::PenaltyMap(std::span<const float> distance, std::span<const float> mismatch,
                       std::size_t heads, std::size_t first_head)
    : numeric_(distance.size() / heads),
      categories_(mismatch.size() / heads),
      distance_(Padded(distance, heads, first_head)),
      mismatch_(Padded(mismatch, heads, first_head)) {}

HWY_EXPORT(AddPenalties);

void AddPenalties(const PenaltyMap& map, const LoanNumbers& loan,
                  std::span<const LoanNumbers> peers, float* penalties) {
  HWY_DYNAMIC_DISPATCH(AddPenalties)(map, loan, peers, penalties);
}

}  // namespace recoup::model
#endif
