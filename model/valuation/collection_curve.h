// When the recovery of a loan comes in: an assumption, stated as a curve over months.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/types/rate.h"
#include "graph/types/result.h"

namespace recoup::model {

/// The share of a loan's recovery collected in each month after the valuation: exponential with a
/// mean of `mean_months`, cut off at the horizon and scaled to 1 (docs/valuation.md, V-6).
/// Threads: immutable, share freely.
class CollectionCurve {
 public:
  /// Errors: kInvalidArgument (mean not positive and finite, horizon not 1 to 1200).
  static Result<CollectionCurve> Create(double mean_months, std::uint32_t horizon_months);

  /// Shape: one per month, month 1 first; they sum to 1.
  const std::vector<double>& shares() const { return shares_; }

  /// Returns the present value of 1 collected along the curve: each month's share is paid at the
  /// month's end and discounted at (1 + yearly)^(1/12) - 1 a month (V-7).
  /// REQUIRES: yearly > -1.
  double PresentValue(Rate yearly) const;

 private:
  std::vector<double> shares_;
};

}  // namespace recoup::model
