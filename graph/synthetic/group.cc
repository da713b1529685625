#include "graph/synthetic/group.h"

#include <array>

#include "graph/synthetic/group_parts.h"

namespace recoup::graph::synthetic {
namespace {

// More loans than the largest group can have: where fewer are left, only a single debtor fits.
constexpr std::uint64_t kLargestGroup = 18;

GuaranteePattern DrawPattern(Random* random) {
  const double draw = random->Uniform();
  if (draw < 0.80) return GuaranteePattern::kNone;
  if (draw < 0.88) return GuaranteePattern::kMutual;
  if (draw < 0.95) return GuaranteePattern::kChain;
  return GuaranteePattern::kCircular;
}

}  // namespace

std::string_view PatternName(GuaranteePattern pattern) {
  static constexpr std::array<std::string_view, 4> kNames = {"none", "mutual", "chain", "circular"};
  return kNames[static_cast<std::size_t>(pattern)];
}

Group MakeGroup(const World& world, std::uint64_t number, std::uint64_t most_loans) {
  Random random(world.seed, Purpose::kGroup, number);
  Group group;
  group.pattern = DrawPattern(&random);
  if (most_loans < kLargestGroup) group.pattern = GuaranteePattern::kNone;
  AddDebtorsAndLoans(world, most_loans, &random, &group);
  AddGuarantees(&random, &group);
  AddCollateral(&random, &group);
  AddHistory(&random, &group);
  return group;
}

}  // namespace recoup::graph::synthetic
