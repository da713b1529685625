#include "model/runtime/kernels/exp_rows.h"

#include "model/runtime/kernels/highway_targets.h"
//
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/runtime/kernels/exp_rows.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include <limits>

#include "model/valuation/portable_exp.h"

HWY_BEFORE_NAMESPACE();
namespace recoup::model {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Doubles = hn::CappedTag<double, 8>;
using OneDouble = hn::CappedTag<double, 1>;

// a + b x
template <typename D, typename V = hn::Vec<D>>
HWY_INLINE V Line(D d, double a, double b, V x) {
  return hn::Add(hn::Set(d, a), hn::Mul(hn::Set(d, b), x));
}

// (k0 + k1 r) + (k2 + k3 r) r2, of four terms from `first` on.
template <typename D, typename V = hn::Vec<D>>
HWY_INLINE V FourTerms(D d, const double* terms, V r, V r2) {
  return hn::Add(Line(d, terms[0], terms[1], r), hn::Mul(Line(d, terms[2], terms[3], r), r2));
}

// Operation by operation what portable_exp.cc does.
template <typename D, typename V = hn::Vec<D>>
HWY_INLINE V Exp(D d, V x) {
  using namespace portable_exp;  // NOLINT(google-build-using-namespace): the formula's constants
  const hn::RebindToUnsigned<D> bits;
  const V rounded = hn::Add(hn::Mul(x, hn::Set(d, kLog2OfE)), hn::Set(d, kRounder));
  const V n = hn::Sub(rounded, hn::Set(d, kRounder));
  const V upper = hn::Sub(x, hn::Mul(n, hn::Set(d, kLn2Upper)));
  const V lower = hn::Mul(n, hn::Set(d, kLn2Lower));
  const V r = hn::Sub(upper, lower);
  const V r2 = hn::Mul(r, r);
  const V r4 = hn::Mul(r2, r2);
  const double* terms = kTerms.data();
  const V a = FourTerms(d, terms, r, r2);
  const V b = FourTerms(d, terms + 4, r, r2);
  const V c = FourTerms(d, terms + 8, r, r2);
  const V series = hn::Add(hn::Add(a, hn::Mul(b, r4)), hn::Mul(c, hn::Mul(r4, r4)));
  const V tail = hn::Add(upper, hn::Sub(hn::Mul(r2, series), lower));
  const V fraction = hn::Add(hn::Set(d, 1.0), tail);
  const auto exponent = hn::ShiftLeft<kExponentShift>(hn::BitCast(bits, rounded));
  V result = hn::BitCast(d, hn::Add(hn::BitCast(bits, fraction), exponent));
  result = hn::IfThenElse(hn::Lt(x, hn::Set(d, kSmallest)), hn::Zero(d), result);
  const V infinity = hn::Set(d, std::numeric_limits<double>::infinity());
  result = hn::IfThenElse(hn::Gt(x, hn::Set(d, kLargest)), infinity, result);
  return hn::IfThenElse(hn::Eq(x, x), result, x);
}

template <typename D>
HWY_INLINE void NegatedAt(D d, const float* x, double* y) {
  const hn::Rebind<float, D> narrow;
  hn::StoreU(Exp(d, hn::Neg(hn::PromoteTo(d, hn::LoadU(narrow, x)))), d, y);
}

void ExpRows(const double* x, std::size_t count, double* y) {
  const Doubles doubles;
  const OneDouble one;
  const std::size_t lanes = hn::Lanes(doubles);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::StoreU(Exp(doubles, hn::LoadU(doubles, x + i)), doubles, y + i);
  }
  for (; i < count; ++i) hn::StoreU(Exp(one, hn::LoadU(one, x + i)), one, y + i);
}

void ExpOfNegated(const float* x, std::size_t count, double* y) {
  const Doubles doubles;
  const std::size_t lanes = hn::Lanes(doubles);
  std::size_t i = 0;
  // Two at a time: one waits for what the other computes.
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    NegatedAt(doubles, x + i, y + i);
    NegatedAt(doubles, x + i + lanes, y + i + lanes);
  }
  for (; i + lanes <= count; i += lanes) NegatedAt(doubles, x + i, y + i);
  for (; i < count; ++i) NegatedAt(OneDouble(), x + i, y + i);
}

}  // namespace HWY_NAMESPACE
}  // namespace recoup::model
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace recoup::model {

HWY_EXPORT(ExpRows);
HWY_EXPORT(ExpOfNegated);

void ExpRows(const double* x, std::size_t count, double* y) {
  HWY_DYNAMIC_DISPATCH(ExpRows)(x, count, y);
}

void ExpOfNegated(const float* x, std::size_t count, double* y) {
  HWY_DYNAMIC_DISPATCH(ExpOfNegated)(x, count, y);
}

}  // namespace recoup::model
#endif
