#include "graph/synthetic/world.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph::synthetic {
namespace {

TEST_CASE("A larger portfolio has more courts, lenders and regions, up to a limit") {
  const World small{GenerateOptions{.loans = 100}};
  const World large{GenerateOptions{.loans = 1'000'000}};
  CHECK(small.courts.size() == 12);
  CHECK(small.lenders.size() == 6);
  CHECK(small.regions.size() == 6);
  CHECK(large.courts.size() == 100);
  CHECK(large.lenders.size() == 40);
  CHECK(large.regions.size() == 20);
}

TEST_CASE("Hidden qualities depend on the seed and not on the size of the portfolio") {
  const World small{GenerateOptions{.loans = 100, .seed = 1}};
  const World large{GenerateOptions{.loans = 1'000'000, .seed = 1}};
  const World other{GenerateOptions{.loans = 100, .seed = 2}};
  CHECK(small.courts[3].speed == large.courts[3].speed);
  CHECK(small.courts[3].speed != other.courts[3].speed);
  CHECK(small.lenders[2].At(small.as_of) == large.lenders[2].At(large.as_of));
  CHECK(small.lenders[2].At(small.as_of) != other.lenders[2].At(other.as_of));
}

TEST_CASE("Every region has a court") {
  const World world{GenerateOptions{}};
  for (std::size_t region = 0; region < world.regions.size(); ++region) {
    CHECK(world.courts[region].region == region);
  }
}

}  // namespace
}  // namespace recoup::graph::synthetic
