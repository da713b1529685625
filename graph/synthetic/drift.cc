#include "graph/synthetic/drift.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "graph/synthetic/exact_math.h"

namespace recoup::graph::synthetic {
namespace {

constexpr double kQuarterDays = 91.25;

}  // namespace

Drift::Drift(Date from, Date to, double half_life_quarters, Random random) : from_(from) {
  const double keep = Exp(-0.693147180559945309417 / half_life_quarters);
  // What is kept and what is new add up to variance 1.
  const double renew = std::sqrt(1.0 - keep * keep);
  const auto quarters =
      static_cast<std::size_t>(static_cast<double>(DaysBetween(from, to)) / kQuarterDays) + 2;
  double level = random.Normal();
  for (std::size_t quarter = 0; quarter < quarters; ++quarter) {
    quarters_.push_back(level);
    level = keep * level + renew * random.Normal();
  }
}

double Drift::At(Date day) const {
  const double position = std::clamp(static_cast<double>(DaysBetween(from_, day)) / kQuarterDays,
                                     0.0, static_cast<double>(quarters_.size() - 1));
  const auto before = std::min(static_cast<std::size_t>(position), quarters_.size() - 2);
  const double share = position - static_cast<double>(before);
  return quarters_[before] * (1.0 - share) + quarters_[before + 1] * share;
}

}  // namespace recoup::graph::synthetic
