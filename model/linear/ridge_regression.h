// Linear regression with a quadratic penalty: the simplest model worth beating.
#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "graph/types/result.h"
#include "model/features/tabular.h"

namespace recoup::model {

/// The numbers of a fitted model. Shape: all vectors have one entry a column.
struct RidgeParts {
  double intercept = 0.0;
  std::vector<double> means;
  std::vector<double> scales;
  std::vector<double> weights;

  bool operator==(const RidgeParts&) const = default;
};

/// prediction = intercept + sum over columns of weight (x - mean) / deviation, with the weights
/// that minimise sum (y - prediction)^2 + penalty * sum weight^2 (Hoerl and Kennard 1970). A
/// missing value counts as the column's mean; a column that never varies has no weight.
/// Threads: share freely.
class RidgeRegression {
 public:
  /// No columns: predicts 0.
  RidgeRegression() = default;

  /// Puts a fitted model together again.
  /// Errors: kInvalidArgument (a number is not finite, or sizes disagree).
  static Result<RidgeRegression> FromParts(RidgeParts parts);

  RidgeParts parts() const { return {intercept_, means_, scales_, weights_}; }

  /// Shape: row[weights().size()]; a missing value is NaN.
  double PredictRow(std::span<const float> row) const;

  /// Returns what one column adds to a prediction: the terms and the intercept sum to it.
  double Contribution(std::size_t column, float value) const {
    const auto number = static_cast<double>(value);
    return std::isnan(number) ? 0.0
                              : weights_[column] * (number - means_[column]) * scales_[column];
  }

  /// Shape: one prediction a row. REQUIRES: `table` has the columns of training.
  std::vector<double> Predict(const Table& table) const;

  bool operator==(const RidgeRegression&) const = default;

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
