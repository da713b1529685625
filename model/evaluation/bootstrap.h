// How sure a difference between two models is: resampling whole groups of loans, not single ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/features/encoder.h"

namespace recoup::model {

struct BootstrapOptions {
  int draws = 1000;
  double confidence = 0.95;
  std::uint64_t seed = 1;
  /// With fewer clusters no interval is given: it would be narrow because little can vary.
  std::size_t fewest_clusters = 20;
};

/// A difference with a percentile interval.
struct DifferenceEstimate {
  double value = 0.0;
  double lower = 0.0;
  double upper = 0.0;
};

/// Two models' forecasts of the same loans, and the group that each loan belongs to.
/// Shape: all four have one entry a loan.
struct PairedForecasts {
  std::span<const double> outcomes;
  std::span<const double> model;
  std::span<const double> baseline;
  std::span<const std::uint64_t> clusters;
};

/// Returns R2 of the model minus R2 of the baseline. Each draw takes as many clusters as there are,
/// with replacement, and measures both against the mean of the drawn loans (Efron and Tibshirani
/// 1993, ch. 8 and 13). Clusters are numbered in order of first appearance, so the labels
/// themselves do not matter; the same input gives the same bytes. NaN where R2 is not defined; the
/// bounds are NaN too where there are fewer than options.fewest_clusters clusters.
DifferenceEstimate BootstrapR2Difference(const PairedForecasts& forecasts,
                                         const BootstrapOptions& options);

/// Two models' quantiles for the same loans.
/// Shape: outcomes and clusters have one entry a loan, the quantiles 19 (row-major, at kLevels).
struct PairedQuantiles {
  std::span<const double> outcomes;
  std::span<const double> model;
  std::span<const double> baseline;
  std::span<const std::uint64_t> clusters;
};

/// Returns the CRPS of the model minus that of the baseline; below 0, the model is better. Drawn as
/// in BootstrapR2Difference, with the same clusters for the same seed, and NaN where that is.
DifferenceEstimate BootstrapCrpsDifference(const PairedQuantiles& forecasts,
                                           const BootstrapOptions& options);

/// What is drawn as a whole.
enum class ClusterUnit {
  kLender,     // or a loan without one
  kComponent,  // loans joined by debtors, guarantors or collateral (component_split.h)
};

struct Clusters {
  ClusterUnit unit = ClusterUnit::kLender;
  std::size_t count = 0;
  std::vector<std::uint64_t> of_loan;  // one entry an example
};

/// Returns a group for each example: its latest known lender (originated_by), that of the
/// valuation date for a loan that was removed later, or the loan itself where there is none. With
/// fewer than `fewest` lenders, as in the portfolio of one, it is the connected component instead.
/// Errors: those of ComponentsOf.
Result<Clusters> ChooseClusters(const graph::GraphStore& store, std::span<const Example> examples,
                                std::size_t fewest);

}  // namespace recoup::model
