#include "model/evaluation/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include "model/evaluation/quantile_levels.h"

namespace recoup::model {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

double MeanOf(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double SumOfSquaredErrors(std::span<const double> outcomes, std::span<const double> predictions) {
  double sum = 0.0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    sum += (outcomes[i] - predictions[i]) * (outcomes[i] - predictions[i]);
  }
  return sum;
}

std::vector<double> Ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    // Ranks begin + 1 .. end, shared.
    const double shared = static_cast<double>(begin + 1 + end) / 2.0;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = shared;
    begin = end;
  }
  return ranks;
}

double PearsonCorrelation(std::span<const double> a, std::span<const double> b) {
  const double mean_a = MeanOf(a);
  const double mean_b = MeanOf(b);
  double ab = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : kUndefined;
}

/// Returns the integral of a squared linear function from `start` to `end` over `length`.
double SquaredRamp(double start, double end, double length) {
  return length / 3.0 * (start * start + start * end + end * end);
}

}  // namespace

double RSquared(std::span<const double> outcomes, std::span<const double> predictions) {
  RECOUP_CHECK(outcomes.size() == predictions.size());
  if (outcomes.empty()) return kUndefined;
  // Compared as they are: a sum of squares would be a little above 0 by rounding.
  const auto [least, most] = std::minmax_element(outcomes.begin(), outcomes.end());
  if (*least == *most) return kUndefined;
  const double mean = MeanOf(outcomes);
  double total = 0.0;
  for (const double outcome : outcomes) total += (outcome - mean) * (outcome - mean);
  return 1.0 - SumOfSquaredErrors(outcomes, predictions) / total;
}

double MeanAbsoluteError(std::span<const double> outcomes, std::span<const double> predictions) {
  RECOUP_CHECK(outcomes.size() == predictions.size());
  if (outcomes.empty()) return kUndefined;
  double sum = 0.0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) sum += std::abs(outcomes[i] - predictions[i]);
  return sum / static_cast<double>(outcomes.size());
}

double RootMeanSquaredError(std::span<const double> outcomes, std::span<const double> predictions) {
  RECOUP_CHECK(outcomes.size() == predictions.size());
  if (outcomes.empty()) return kUndefined;
  return std::sqrt(SumOfSquaredErrors(outcomes, predictions) /
                   static_cast<double>(outcomes.size()));
}

double SpearmanCorrelation(std::span<const double> outcomes, std::span<const double> predictions) {
  RECOUP_CHECK(outcomes.size() == predictions.size());
  if (outcomes.empty()) return kUndefined;
  return PearsonCorrelation(Ranks(outcomes), Ranks(predictions));
}

double PinballLoss(double outcome, double quantile, double level) {
  const double error = outcome - quantile;
  return std::max(level * error, (level - 1.0) * error);
}

double MeanPinballLoss(std::span<const double> outcomes, std::span<const double> quantiles,
                       std::size_t position) {
  RECOUP_CHECK(outcomes.size() * kQuantileLevels == quantiles.size());
  RECOUP_CHECK(position < kQuantileLevels);
  if (outcomes.empty()) return kUndefined;
  double sum = 0.0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    sum += PinballLoss(outcomes[i], quantiles[i * kQuantileLevels + position], kLevels[position]);
  }
  return sum / static_cast<double>(outcomes.size());
}

double Bias(std::span<const double> outcomes, std::span<const double> predictions) {
  RECOUP_CHECK(outcomes.size() == predictions.size());
  if (outcomes.empty()) return kUndefined;
  double sum = 0.0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) sum += predictions[i] - outcomes[i];
  return sum / static_cast<double>(outcomes.size());
}

double CrpsOfQuantiles(std::span<const double> outcomes, std::span<const double> quantiles) {
  RECOUP_CHECK(outcomes.size() * kQuantileLevels == quantiles.size());
  if (outcomes.empty()) return kUndefined;
  double sum = 0.0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    for (std::size_t level = 0; level < kQuantileLevels; ++level) {
      sum += PinballLoss(outcomes[i], quantiles[i * kQuantileLevels + level], kLevels[level]);
    }
  }
  return 2.0 * sum / static_cast<double>(quantiles.size());
}

double CrpsOfDistribution(const RecoveryDistribution& distribution, double outcome) {
  constexpr double kWidth = 1.0 / static_cast<double>(kRecoveryBins);
  double below = distribution.masses()[0];  // F at the left end of the bin
  double sum = 0.0;
  for (std::size_t bin = 0; bin < kRecoveryBins; ++bin) {
    const double above = below + distribution.masses()[bin + 1];
    const double left = static_cast<double>(bin) * kWidth;
    // The part of this bin in which the outcome has not been reached yet.
    const double before = std::clamp(outcome - left, 0.0, kWidth);
    const double split = below + (above - below) * before / kWidth;
    sum += SquaredRamp(below, split, before);
    sum += SquaredRamp(split - 1.0, above - 1.0, kWidth - before);
    below = above;
  }
  return sum;
}

IntervalQuality QualityOfIntervals(std::span<const double> outcomes, std::span<const double> lower,
                                   std::span<const double> upper) {
  RECOUP_CHECK(outcomes.size() == lower.size() && outcomes.size() == upper.size());
  if (outcomes.empty()) return {kUndefined, kUndefined};
  IntervalQuality quality;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (lower[i] <= outcomes[i] && outcomes[i] <= upper[i]) quality.coverage += 1.0;
    quality.width += upper[i] - lower[i];
  }
  quality.coverage /= static_cast<double>(outcomes.size());
  quality.width /= static_cast<double>(outcomes.size());
  return quality;
}

}  // namespace recoup::model
