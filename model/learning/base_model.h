// The boosted base: what a loan's own features say, before any peer is heard.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "graph/types/result.h"
#include "model/boosting/gradient_boosting.h"
#include "model/features/encoder.h"
#include "model/linear/ridge_regression.h"
#include "model/peers/loan_book.h"
#include "model/trees/flat_trees.h"

namespace recoup::model {

/// How the ensemble is fitted. The defaults were chosen on validation and rolling years before 2010
/// of the SBA loans (docs/evaluation.md).
struct EnsembleOptions {
  FitOptions fit{};
  /// max_rounds trees are grown, without early stopping: one year is no judge of another.
  BoostingOptions boosting{.max_depth = 6, .max_rounds = 250};
  /// Take shallow trees in place of boosting.max_depth where they forecast the newest fifth of the
  /// outcomes better: few or noisy loans bear no deep ones.
  bool choose_depth = true;
  double ridge_penalty = 300.0;
  /// Models of each kind, with seeds boosting.seed, boosting.seed + 1, ...
  int seeds = 1;
  /// Of fitting; the result does not depend on it, for every model is fitted on one.
  int threads = 2;
  /// Where grown trees are kept for a training that is started again; empty: nowhere.
  std::filesystem::path cache{};
};

struct BaseModel {
  FeatureSchema schema;  // of loans
  std::vector<FlatTrees> trees;
  RidgeRegression ridge;
  int depth = 0;  // of the trees
};

/// Fits trees and ridge on these loans of the book.
/// Errors: kInvalidArgument (no loans, or none of their features varies), kCancelled, kInternal.
Result<BaseModel> FitBase(const LoanBook& book, std::span<const std::uint32_t> loans,
                          const EnsembleOptions& options, const std::atomic<bool>* stop);

/// Returns the depth that forecasts the newest fifth of these loans better when grown on the
/// others: options.boosting.max_depth or kShallow. `loans` ascend by the day their outcome was
/// known. Errors: as FitBase.
inline constexpr int kShallow = 3;
Result<int> ChooseDepth(const LoanBook& book, std::span<const std::uint32_t> loans,
                        const EnsembleOptions& options, const std::atomic<bool>* stop);

/// What trees are grown on, and where they are put: one ensemble a seed.
/// Lifetime: what is pointed at must outlive the call.
struct Growing {
  const Table* table = nullptr;
  std::vector<FlatTrees>* trees = nullptr;
};

/// Grows all of them on the same targets, several at a time.
/// Errors: those of GradientBoosting.
Result<void> GrowAll(std::span<const Growing> wanted, std::span<const double> targets,
                     const EnsembleOptions& options, const std::atomic<bool>* stop);

/// Grows one ensemble of trees a seed.
/// Errors: those of GradientBoosting.
Result<std::vector<FlatTrees>> GrowTrees(const Table& table, std::span<const double> targets,
                                         const EnsembleOptions& options,
                                         const std::atomic<bool>* stop);

/// Returns the targets of these loans: their recovery rates.
std::vector<double> OutcomesOf(const LoanBook& book, std::span<const std::uint32_t> loans);

}  // namespace recoup::model
