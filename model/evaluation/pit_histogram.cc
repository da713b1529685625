#include "model/evaluation/pit_histogram.h"

#include <algorithm>
#include <limits>

#include "graph/types/result.h"
#include "model/evaluation/quantile_levels.h"

namespace recoup::model {
namespace {

using Histogram = std::array<double, kPitBins>;

constexpr double kStep = 1.0 / static_cast<double>(kQuantileLevels + 1);

/// The probabilities that one outcome stands for; a single one where both are equal.
struct Stretch {
  double from = 0.0;
  double to = 0.0;
};

Stretch StretchOf(double outcome, std::span<const double> quantiles) {
  const auto [first, last] = std::equal_range(quantiles.begin(), quantiles.end(), outcome);
  const auto below = static_cast<std::size_t>(first - quantiles.begin());
  const auto reached = static_cast<std::size_t>(last - quantiles.begin());
  if (first != last) {
    return {below == 0 ? 0.0 : kLevels[below] - kStep / 2.0,
            reached == kQuantileLevels ? 1.0 : kLevels[reached - 1] + kStep / 2.0};
  }
  if (below == 0) return {0.0, 0.0};
  if (below == kQuantileLevels) return {1.0, 1.0};
  const double share = (outcome - quantiles[below - 1]) / (quantiles[below] - quantiles[below - 1]);
  const double at = kLevels[below - 1] + kStep * share;
  return {at, at};
}

void Spread(const Stretch& stretch, Histogram& histogram) {
  constexpr auto kBins = static_cast<double>(kPitBins);
  if (stretch.from == stretch.to) {
    const auto bin = static_cast<std::size_t>(stretch.from * kBins);
    histogram[std::min(bin, kPitBins - 1)] += 1.0;
    return;
  }
  for (std::size_t bin = 0; bin < kPitBins; ++bin) {
    const double from = std::max(stretch.from, static_cast<double>(bin) / kBins);
    const double to = std::min(stretch.to, static_cast<double>(bin + 1) / kBins);
    histogram[bin] += std::max(to - from, 0.0) / (stretch.to - stretch.from);
  }
}

}  // namespace

Histogram PitHistogram(std::span<const double> outcomes, std::span<const double> quantiles) {
  RECOUP_CHECK(outcomes.size() * kQuantileLevels == quantiles.size());
  Histogram histogram{};
  if (outcomes.empty()) {
    histogram.fill(std::numeric_limits<double>::quiet_NaN());
    return histogram;
  }
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    Spread(StretchOf(outcomes[i], quantiles.subspan(i * kQuantileLevels, kQuantileLevels)),
           histogram);
  }
  for (double& share : histogram) share /= static_cast<double>(outcomes.size());
  return histogram;
}

}  // namespace recoup::model
