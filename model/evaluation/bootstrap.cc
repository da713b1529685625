#include "model/evaluation/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "graph/schema/edge_kind.h"
#include "graph/types/node_id.h"
#include "model/evaluation/component_split.h"
#include "model/evaluation/conformal.h"
#include "model/evaluation/counter_random.h"
#include "model/evaluation/metrics.h"
#include "model/evaluation/quantile_levels.h"
#include "model/features/by_day.h"

namespace recoup::model {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// All that a difference of R2 needs of a set of loans; see Centred.
struct Sums {
  double loans = 0.0;
  double outcomes = 0.0;
  double squared_outcomes = 0.0;
  double model_errors = 0.0;
  double baseline_errors = 0.0;

  void Add(const Sums& other) {
    loans += other.loans;
    outcomes += other.outcomes;
    squared_outcomes += other.squared_outcomes;
    model_errors += other.model_errors;
    baseline_errors += other.baseline_errors;
  }

  /// (1 - model / total) - (1 - baseline / total).
  double Difference() const {
    const double total = squared_outcomes - outcomes * outcomes / loans;
    return total > 1e-12 ? (baseline_errors - model_errors) / total : kUndefined;
  }
};

/// All that a mean difference of losses needs of a set of loans.
struct LossSums {
  double loans = 0.0;
  double differences = 0.0;

  void Add(const LossSums& other) {
    loans += other.loans;
    differences += other.differences;
  }

  double Difference() const { return differences / loans; }
};

/// Adds up `of_loan(i)` of the loans of each cluster, in order of first appearance.
template <typename OfLoan>
auto SumsByCluster(std::span<const std::uint64_t> clusters, const OfLoan& of_loan) {
  std::unordered_map<std::uint64_t, std::size_t> numbers;
  std::vector<decltype(of_loan(std::size_t{0}))> sums;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    const auto [entry, is_new] = numbers.try_emplace(clusters[i], sums.size());
    if (is_new) sums.emplace_back();
    sums[entry->second].Add(of_loan(i));
  }
  return sums;
}

template <typename AnySums>
double DrawnDifference(const std::vector<AnySums>& clusters, std::uint64_t seed,
                       std::uint64_t draw) {
  AnySums drawn;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    drawn.Add(clusters[Below(CounterRandom(seed, draw, i), clusters.size())]);
  }
  return drawn.Difference();
}

template <typename AnySums>
DifferenceEstimate Estimate(const std::vector<AnySums>& clusters, const BootstrapOptions& options) {
  if (clusters.empty() || options.draws < 1) return {kUndefined, kUndefined, kUndefined};
  AnySums all;
  for (const AnySums& cluster : clusters) all.Add(cluster);
  if (clusters.size() < options.fewest_clusters) {
    return {all.Difference(), kUndefined, kUndefined};
  }
  std::vector<double> differences;
  for (int draw = 0; draw < options.draws; ++draw) {
    const double difference =
        DrawnDifference(clusters, options.seed, static_cast<std::uint64_t>(draw));
    if (!std::isnan(difference)) differences.push_back(difference);
  }
  if (differences.empty()) return {all.Difference(), kUndefined, kUndefined};
  std::sort(differences.begin(), differences.end());
  const double tail = (1.0 - options.confidence) / 2.0;
  return {all.Difference(), InterpolatedQuantile(differences, tail),
          InterpolatedQuantile(differences, 1.0 - tail)};
}

/// Differences of outcomes from their mean, for exact sums of squares.
std::vector<double> Centred(std::span<const double> outcomes) {
  double centre = 0.0;
  for (const double outcome : outcomes) centre += outcome;
  centre /= static_cast<double>(outcomes.size());
  std::vector<double> centred;
  centred.reserve(outcomes.size());
  for (const double outcome : outcomes) centred.push_back(outcome - centre);
  return centred;
}

constexpr graph::Relation kLender{graph::EdgeKind::kOriginatedBy, graph::Direction::kOut};

Result<std::vector<std::optional<graph::NodeId>>> LendersOf(const graph::GraphStore& store,
                                                            std::span<const Example> examples) {
  const auto latest = store.ViewAsOf(Date::Max());
  DayViews views(store);
  std::vector<std::optional<graph::NodeId>> lenders(examples.size());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const std::span<const graph::NodeId> loan(&examples[i].loan, 1);
    RECOUP_ASSIGN(graph::CsrBlock found, latest->Neighbours(loan, kLender, 1));
    if (found.targets.empty()) {
      RECOUP_ASSIGN(found, views.On(examples[i].as_of).Neighbours(loan, kLender, 1));
    }
    if (!found.targets.empty()) lenders[i] = found.targets.front();
  }
  return lenders;
}

}  // namespace

DifferenceEstimate BootstrapR2Difference(const PairedForecasts& forecasts,
                                         const BootstrapOptions& options) {
  const std::size_t loans = forecasts.outcomes.size();
  RECOUP_CHECK(forecasts.model.size() == loans && forecasts.baseline.size() == loans);
  RECOUP_CHECK(forecasts.clusters.size() == loans);
  const std::vector<double> centred = Centred(forecasts.outcomes);
  return Estimate(SumsByCluster(forecasts.clusters,
                                [&](std::size_t i) {
                                  const double model = forecasts.outcomes[i] - forecasts.model[i];
                                  const double baseline =
                                      forecasts.outcomes[i] - forecasts.baseline[i];
                                  return Sums{1.0, centred[i], centred[i] * centred[i],
                                              model * model, baseline * baseline};
                                }),
                  options);
}

DifferenceEstimate BootstrapCrpsDifference(const PairedQuantiles& forecasts,
                                           const BootstrapOptions& options) {
  const std::size_t loans = forecasts.outcomes.size();
  RECOUP_CHECK(forecasts.clusters.size() == loans);
  RECOUP_CHECK(forecasts.model.size() == loans * kQuantileLevels);
  RECOUP_CHECK(forecasts.baseline.size() == loans * kQuantileLevels);
  const auto crps = [&](std::span<const double> quantiles, std::size_t i) {
    return CrpsOfQuantiles(forecasts.outcomes.subspan(i, 1),
                           quantiles.subspan(i * kQuantileLevels, kQuantileLevels));
  };
  return Estimate(
      SumsByCluster(forecasts.clusters,
                    [&](std::size_t i) {
                      return LossSums{1.0, crps(forecasts.model, i) - crps(forecasts.baseline, i)};
                    }),
      options);
}

Result<Clusters> ChooseClusters(const graph::GraphStore& store, std::span<const Example> examples,
                                std::size_t fewest) {
  RECOUP_ASSIGN(const auto lenders, LendersOf(store, examples));
  Clusters clusters;
  std::unordered_set<std::uint64_t> distinct;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    if (lenders[i]) distinct.insert(lenders[i]->value());
    clusters.of_loan.push_back((lenders[i] ? *lenders[i] : examples[i].loan).value());
  }
  if (distinct.size() < fewest) {
    clusters.unit = ClusterUnit::kComponent;
    RECOUP_ASSIGN(clusters.of_loan, ComponentsOf(store, examples));
  }
  distinct = {clusters.of_loan.begin(), clusters.of_loan.end()};
  clusters.count = distinct.size();
  return clusters;
}

}  // namespace recoup::model
