// Gradient-boosted regression trees, grown by libxgboost: the one folder that knows the library.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/types/result.h"
#include "model/features/tabular.h"
#include "model/trees/flat_trees.h"

namespace recoup::model {

struct BoostingOptions {
  int max_depth = 6;
  double min_child_weight = 20.0;
  double learning_rate = 0.05;
  /// Share of columns that each tree may use.
  double column_share = 0.5;
  /// Share of rows that each tree sees.
  double row_share = 0.8;
  /// L2 penalty of the leaves.
  double penalty = 5.0;
  int max_rounds = 1000;
  /// Stop after this many rounds without a better validation error.
  int patience = 50;
  std::uint64_t seed = 1;
  int threads = 2;
};

/// Returns one line: depth, smallest leaf, shares.
std::string Describe(const BoostingOptions& options);

/// A slice of a training set. Shape: outcomes[table->rows()].
struct LabelledTable {
  const Table* table = nullptr;
  std::span<const double> outcomes;
};

/// A fitted ensemble of trees.
/// Threads: one call at a time.
class GradientBoosting {
 public:
  /// Grows trees until validation no longer improves, and keeps those up to its best round.
  /// Errors: kInvalidArgument (no rows, or shapes disagree), kCancelled (stopped by `stop`),
  /// kInternal (libxgboost failed; carries its message).
  static Result<GradientBoosting> Fit(const LabelledTable& training,
                                      const LabelledTable& validation,
                                      const BoostingOptions& options,
                                      const std::atomic<bool>* stop = nullptr);

  /// Grows exactly `options.max_rounds` trees; `patience` is not used. The same options, seed and
  /// training slice give the same trees as Fit does, round by round.
  /// Errors: as Fit.
  static Result<GradientBoosting> FitRounds(const LabelledTable& training,
                                            const BoostingOptions& options,
                                            const std::atomic<bool>* stop = nullptr);

  GradientBoosting(GradientBoosting&&) noexcept;
  GradientBoosting& operator=(GradientBoosting&&) noexcept;
  ~GradientBoosting();

  /// Shape: one prediction a row, not cut to [0, 1].
  /// Errors: kInvalidArgument (another number of columns than in training), kInternal.
  Result<std::vector<double>> Predict(const Table& table) const;

  /// Returns the trees in use as arrays that predict, without libxgboost, the same bits.
  /// Errors: kInternal (libxgboost failed, or wrote what this reader does not know).
  Result<FlatTrees> Flatten() const;

  int rounds() const;               // trees in use
  double validation_error() const;  // root mean squared; infinite after FitRounds

 private:
  struct State;
  explicit GradientBoosting(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace recoup::model
