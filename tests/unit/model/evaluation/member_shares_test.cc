#include "model/evaluation/member_shares.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace recoup::model {
namespace {

using Catch::Approx;

TEST_CASE("A member left out gives its weight to the others in proportion") {
  Ensemble ensemble;
  ensemble.weights = {0.5, 0.3, 0.2, 0.0, 0.0};
  const std::vector<MemberForecasts> forecasts = {{0.9, {0.2, 0.6, 1.4, 0.0, 0.0}}};
  // .5 * .2 + .3 * .6 + .2 * 1, because 1.4 is cut to 1.
  CHECK(MeansOf(ensemble, forecasts)[0] == Approx(0.48));
  // (.3 * .6 + .2 * 1) / .5
  CHECK(MeansOf(ensemble, forecasts, 0)[0] == Approx(0.76));
  CHECK(MeansOf(ensemble, forecasts, 4)[0] == Approx(0.48));
}

TEST_CASE("Each member has the R2 of its own and that of the others") {
  Ensemble ensemble;
  ensemble.weights = {0.5, 0.5, 0.0, 0.0, 0.0};
  // The first is right up to what is cut off, the second says the opposite.
  const std::vector<MemberForecasts> forecasts = {{0.5, {-0.3, 1.0, 0.5, 0.5, 0.5}},
                                                  {0.5, {1.3, 0.0, 0.5, 0.5, 0.5}}};
  const auto shares = SharesOfMembers(ensemble, forecasts, std::vector<double>{0.0, 1.0});
  REQUIRE(shares.size() == kMembers);
  CHECK(shares[0].name == "trees, own features");
  CHECK(shares[0].weight == 0.5);
  CHECK(shares[0].r_squared == Approx(1.0));
  CHECK(shares[0].without_it == Approx(-3.0));  // 1 - 2 / .5
  CHECK(shares[1].r_squared == Approx(-3.0));
  CHECK(shares[1].without_it == Approx(1.0));
  CHECK(shares[2].r_squared == Approx(0.0));
  CHECK(shares[2].without_it == Approx(0.0));  // .5 for both
}

}  // namespace
}  // namespace recoup::model
