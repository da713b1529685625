#include "graph/synthetic/world.h"

#include <algorithm>

namespace recoup::graph::synthetic {
namespace {

// So many loans share a court (lender, region) that its resolved peers can reveal its quality.
constexpr std::uint64_t kLoansPerCourt = 150;
constexpr std::uint64_t kLoansPerLender = 300;
constexpr std::uint64_t kLoansPerRegion = 400;

constexpr double kLenderHalfLifeQuarters = 12.0;
constexpr double kRegionHalfLifeQuarters = 8.0;

std::uint64_t CountFor(std::uint64_t loans, std::uint64_t each, std::uint64_t least,
                       std::uint64_t most) {
  return std::clamp(loans / each, least, most);
}

}  // namespace

World::World(const GenerateOptions& options)
    : seed(options.seed),
      as_of(options.as_of),
      neighbour_effects(options.neighbour_effects),
      first_default(options.as_of.PlusDays(-8 * 365)),
      beginning(options.as_of.PlusDays(-25 * 365)) {
  const std::uint64_t region_count = CountFor(options.loans, kLoansPerRegion, 6, 20);
  for (std::uint64_t i = 0; i < region_count; ++i) {
    regions.emplace_back(first_default, as_of, kRegionHalfLifeQuarters,
                         Random(seed, Purpose::kRegion, i));
  }
  const std::uint64_t lender_count = CountFor(options.loans, kLoansPerLender, 6, 40);
  for (std::uint64_t i = 0; i < lender_count; ++i) {
    lenders.emplace_back(first_default, as_of, kLenderHalfLifeQuarters,
                         Random(seed, Purpose::kLender, i));
  }
  const std::uint64_t court_count = CountFor(options.loans, kLoansPerCourt, 12, 100);
  for (std::uint64_t i = 0; i < court_count; ++i) {
    Random random(seed, Purpose::kCourt, i);
    Court court;
    court.region = static_cast<std::uint32_t>(i % region_count);
    court.level = static_cast<std::uint32_t>(random.Integer(0, 2));
    court.speed = random.Normal();
    courts.push_back(court);
  }
}

}  // namespace recoup::graph::synthetic
