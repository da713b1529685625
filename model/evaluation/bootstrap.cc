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
#include "model/features/by_day.h"

namespace recoup::model {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// All that R2 needs of a set of loans. Outcomes are centred before, for exact sums.
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

std::vector<Sums> SumsByCluster(const PairedForecasts& forecasts) {
  double centre = 0.0;
  for (const double outcome : forecasts.outcomes) centre += outcome;
  centre /= static_cast<double>(forecasts.outcomes.size());
  std::unordered_map<std::uint64_t, std::size_t> numbers;
  std::vector<Sums> sums;
  for (std::size_t i = 0; i < forecasts.outcomes.size(); ++i) {
    const auto [entry, is_new] = numbers.try_emplace(forecasts.clusters[i], sums.size());
    if (is_new) sums.emplace_back();
    const double outcome = forecasts.outcomes[i];
    const double centred = outcome - centre;
    const double model_error = outcome - forecasts.model[i];
    const double baseline_error = outcome - forecasts.baseline[i];
    sums[entry->second].Add({1.0, centred, centred * centred, model_error * model_error,
                             baseline_error * baseline_error});
  }
  return sums;
}

double DrawnDifference(std::span<const Sums> clusters, std::uint64_t seed, std::uint64_t draw) {
  Sums drawn;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    drawn.Add(clusters[Below(CounterRandom(seed, draw, i), clusters.size())]);
  }
  return drawn.Difference();
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
  if (loans == 0 || options.draws < 1) return {kUndefined, kUndefined, kUndefined};
  const std::vector<Sums> clusters = SumsByCluster(forecasts);
  Sums all;
  for (const Sums& cluster : clusters) all.Add(cluster);
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
