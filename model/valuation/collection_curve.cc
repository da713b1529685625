#include "model/valuation/collection_curve.h"

#include <cmath>
#include <cstddef>
#include <string>

namespace recoup::model {
namespace {

constexpr std::uint32_t kMaxHorizonMonths = 1200;

}  // namespace

Result<CollectionCurve> CollectionCurve::Create(double mean_months, std::uint32_t horizon_months) {
  if (!std::isfinite(mean_months) || mean_months <= 0.0) {
    return Error{ErrorCode::kInvalidArgument,
                 "the mean months to recovery must be positive: " + std::to_string(mean_months)};
  }
  if (horizon_months < 1 || horizon_months > kMaxHorizonMonths) {
    return Error{ErrorCode::kInvalidArgument,
                 "the horizon must be 1 to 1200 months: " + std::to_string(horizon_months)};
  }
  CollectionCurve curve;
  curve.shares_.reserve(horizon_months);
  // expm1 keeps its precision when a month is short against the mean.
  const double all = -std::expm1(-static_cast<double>(horizon_months) / mean_months);
  double collected = 0.0;
  for (std::uint32_t month = 1; month <= horizon_months; ++month) {
    const double by_now = -std::expm1(-static_cast<double>(month) / mean_months) / all;
    curve.shares_.push_back(by_now - collected);
    collected = by_now;
  }
  return curve;
}

double CollectionCurve::PresentValue(Rate yearly) const {
  RECOUP_CHECK(yearly.fraction() > -1.0);
  double value = 0.0;
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    value += shares_[i] * std::pow(1.0 + yearly.fraction(), -static_cast<double>(i + 1) / 12.0);
  }
  return value;
}

}  // namespace recoup::model
