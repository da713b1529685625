#include "model/predictor/forecast_from_logits.h"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

namespace recoup::model {
namespace {

using Logits = std::array<float, kRecoveryCells>;

TEST_CASE("Softmax gives each cell its share") {
  // exp(log 3) = 3 beside 26 cells of 1: 3 / 29.
  Logits logits{};
  logits[26] = std::log(3.0F);
  const auto forecast = ForecastFromLogits(logits, {0.8, 0.0, 1});
  REQUIRE(forecast.has_value());
  CHECK(std::abs(forecast->distribution.masses()[26] - 3.0 / 29.0) < 1e-7);
  CHECK(std::abs(forecast->distribution.masses()[0] - 1.0 / 29.0) < 1e-7);
}

TEST_CASE("Large logits do not overflow") {
  Logits logits{};
  logits.fill(-3e38F);
  logits[0] = 3e38F;
  const auto forecast = ForecastFromLogits(logits, {0.8, 0.0, 1});
  REQUIRE(forecast.has_value());
  CHECK(forecast->distribution.masses()[0] == 1.0);
}

TEST_CASE("A logit that is not finite is our failure, not a forecast") {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Logits logits{};
    logits[7] = bad;
    const auto forecast = ForecastFromLogits(logits, {0.8, 0.0, 1});
    REQUIRE_FALSE(forecast.has_value());
    CHECK(forecast.error().code == ErrorCode::kInternal);
  }
}

}  // namespace
}  // namespace recoup::model
