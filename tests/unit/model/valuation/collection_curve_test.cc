#include "model/valuation/collection_curve.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace recoup::model {
namespace {

using Catch::Matchers::WithinAbs;

CollectionCurve Curve(double mean_months, std::uint32_t horizon_months) {
  const auto curve = CollectionCurve::Create(mean_months, horizon_months);
  REQUIRE(curve.has_value());
  return *curve;
}

TEST_CASE("A curve with a half-life of one month and two months to go collects 2/3 and 1/3") {
  // Uncut: 1/2 after one month, 3/4 after two; scaled by 4/3.
  const CollectionCurve curve = Curve(1.0 / std::log(2.0), 2);
  REQUIRE(curve.shares().size() == 2);
  CHECK_THAT(curve.shares()[0], WithinAbs(2.0 / 3.0, 1e-15));
  CHECK_THAT(curve.shares()[1], WithinAbs(1.0 / 3.0, 1e-15));
}

TEST_CASE("The present value discounts each month at its end") {
  // One percent a month: 2/3 / 1.01 + 1/3 / 1.0201 = 0.660066007 + 0.326765350.
  const Rate yearly(std::pow(1.01, 12) - 1.0);
  CHECK_THAT(Curve(1.0 / std::log(2.0), 2).PresentValue(yearly), WithinAbs(0.986831356403, 1e-12));
}

TEST_CASE("Without a return the present value is what is collected") {
  CHECK_THAT(Curve(18.0, 60).PresentValue(Rate(0.0)), WithinAbs(1.0, 1e-12));
}

TEST_CASE("Shares are not negative, fall from month to month and sum to one") {
  for (const double mean : {1e-6, 0.1, 3.0, 18.0, 60.0, 1e9}) {
    for (const std::uint32_t horizon : {1U, 2U, 60U, 1200U}) {
      const CollectionCurve curve = Curve(mean, horizon);
      const auto& shares = curve.shares();
      CHECK(shares.size() == horizon);
      CHECK_THAT(std::accumulate(shares.begin(), shares.end(), 0.0), WithinAbs(1.0, 1e-12));
      for (std::size_t i = 0; i < shares.size(); ++i) {
        REQUIRE(shares[i] >= 0.0);
        if (i > 0) REQUIRE(shares[i] <= shares[i - 1] + 1e-12);
      }
    }
  }
}

TEST_CASE("A curve that makes no sense is refused") {
  for (const double mean : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                            std::numeric_limits<double>::infinity()}) {
    CHECK(CollectionCurve::Create(mean, 60).error().code == ErrorCode::kInvalidArgument);
  }
  CHECK_FALSE(CollectionCurve::Create(18.0, 0).has_value());
  CHECK_FALSE(CollectionCurve::Create(18.0, 1201).has_value());
}

}  // namespace
}  // namespace recoup::model
