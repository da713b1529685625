// Linear regression with a quadratic penalty: the simplest model worth beating.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "graph/types/result.h"
#include "model/features/tabular.h"

namespace recoup::model {

/// prediction = intercept + sum over columns of weight (x - mean) / deviation, with the weights
/// that minimise sum (y - prediction)^2 + penalty * sum weight^2 (Hoerl and Kennard 1970). A
/// missing value counts as the column's mean; a column that never varies has no weight.
/// Threads: share freely.
class RidgeRegression {
 public:
  /// Shape: one prediction a row. REQUIRES: `table` has the columns of training.
  std::vector<double> Predict(const Table& table) const;

  double intercept() const { return intercept_; }
  /// Shape: one a column; unit: recovery rate per standard deviation.
  std::span<const double> weights() const { return weights_; }

 private:
  friend class RidgeProblem;
  double intercept_ = 0.0;
  std::vector<double> means_;
  std::vector<double> scales_;  // 1 / deviation, 0 for a column that never varies
  std::vector<double> weights_;
};

/// A training set, prepared once and solved for several penalties.
/// Threads: share freely.
class RidgeProblem {
 public:
  /// REQUIRES: as many rows as outcomes.
  RidgeProblem(const Table& table, std::span<const double> outcomes);
  ~RidgeProblem();

  /// Errors: kInvalidArgument (penalty not positive).
  Result<RidgeRegression> Solve(double penalty) const;

 private:
  struct Normal;  // the normal equations
  RidgeRegression scaling_;
  std::unique_ptr<const Normal> normal_;
};

struct TunedRidge {
  RidgeRegression model;
  double penalty = 0.0;
};

/// Fits on training with the penalty (of 1, 3, 10, ... 10,000) that has the smallest squared error
/// on validation.
/// Errors: kInvalidArgument (no rows).
Result<TunedRidge> FitRidge(const Table& training, std::span<const double> training_outcomes,
                            const Table& validation, std::span<const double> validation_outcomes);

}  // namespace recoup::model
