#include "model/linear/ridge_regression.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>

#include "model/linear/cholesky.h"

namespace recoup::model {
namespace {

constexpr std::array kPenalties = {1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0};

struct ColumnScale {
  double mean = 0.0;
  double scale = 0.0;
};

ColumnScale ScaleOf(const Table& table, std::size_t column) {
  const std::size_t width = table.columns.size();
  double count = 0.0;
  double sum = 0.0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double value = table.values[row * width + column];
    if (std::isnan(value)) continue;
    count += 1.0;
    sum += value;
  }
  if (count == 0.0) return {};
  const double mean = sum / count;
  double squares = 0.0;  // a missing value is the mean and adds nothing
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double value = table.values[row * width + column];
    if (!std::isnan(value)) squares += (value - mean) * (value - mean);
  }
  const double deviation = std::sqrt(squares / static_cast<double>(table.rows()));
  return {mean, deviation > 1e-9 ? 1.0 / deviation : 0.0};
}

double SquaredError(std::span<const double> outcomes, const std::vector<double>& predictions) {
  double sum = 0.0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    sum += (outcomes[i] - predictions[i]) * (outcomes[i] - predictions[i]);
  }
  return sum;
}

}  // namespace

/// X'X and X'(y - mean of y) of the standardised columns; centring leaves the intercept out.
struct RidgeProblem::Normal {
  SymmetricMatrix products;
  std::vector<double> right;
};

Result<RidgeRegression> RidgeRegression::FromParts(RidgeParts parts) {
  const std::size_t width = parts.weights.size();
  const auto finite = [](const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  };
  if (parts.means.size() != width || parts.scales.size() != width ||
      !std::isfinite(parts.intercept) || !finite(parts.means) || !finite(parts.scales) ||
      !finite(parts.weights)) {
    return Error{ErrorCode::kInvalidArgument,
                 "a linear model needs one finite mean, scale and weight a column: " +
                     std::to_string(width)};
  }
  RidgeRegression model;
  model.intercept_ = parts.intercept;
  model.means_ = std::move(parts.means);
  model.scales_ = std::move(parts.scales);
  model.weights_ = std::move(parts.weights);
  return model;
}

double RidgeRegression::PredictRow(std::span<const float> row) const {
  double prediction = intercept_;
  for (std::size_t column = 0; column < weights_.size(); ++column) {
    prediction += Contribution(column, row[column]);
  }
  return prediction;
}

std::vector<double> RidgeRegression::Predict(const Table& table) const {
  RECOUP_CHECK(table.columns.size() == weights_.size());
  const std::size_t rows = table.columns.empty() ? 0 : table.rows();
  std::vector<double> predictions(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    predictions[row] =
        PredictRow(std::span(table.values).subspan(row * weights_.size(), weights_.size()));
  }
  return predictions;
}

RidgeProblem::RidgeProblem(const Table& table, std::span<const double> outcomes) {
  RECOUP_CHECK(table.rows() == outcomes.size() && !outcomes.empty());
  const std::size_t width = table.columns.size();
  scaling_.intercept_ =
      std::accumulate(outcomes.begin(), outcomes.end(), 0.0) / static_cast<double>(outcomes.size());
  for (std::size_t column = 0; column < width; ++column) {
    const ColumnScale scale = ScaleOf(table, column);
    scaling_.means_.push_back(scale.mean);
    scaling_.scales_.push_back(scale.scale);
  }
  auto normal =
      std::make_unique<Normal>(Normal{SymmetricMatrix(width), std::vector<double>(width, 0.0)});
  std::vector<double> standard(width);
  for (std::size_t row = 0; row < outcomes.size(); ++row) {
    for (std::size_t column = 0; column < width; ++column) {
      const double value = table.values[row * width + column];
      standard[column] =
          std::isnan(value) ? 0.0 : (value - scaling_.means_[column]) * scaling_.scales_[column];
    }
    const double centred = outcomes[row] - scaling_.intercept_;
    for (std::size_t i = 0; i < width; ++i) {
      normal->right[i] += standard[i] * centred;
      for (std::size_t j = 0; j <= i; ++j) normal->products.At(i, j) += standard[i] * standard[j];
    }
  }
  normal_ = std::move(normal);
}

RidgeProblem::~RidgeProblem() = default;

Result<RidgeRegression> RidgeProblem::Solve(double penalty) const {
  if (!(penalty > 0.0)) {
    return Error{ErrorCode::kInvalidArgument,
                 "the penalty of a ridge regression must be positive: " + std::to_string(penalty)};
  }
  SymmetricMatrix matrix = normal_->products;
  for (std::size_t i = 0; i < matrix.size; ++i) matrix.At(i, i) += penalty;
  RidgeRegression model = scaling_;
  RECOUP_ASSIGN(model.weights_, SolveCholesky(std::move(matrix), normal_->right));
  return model;
}

Result<TunedRidge> FitRidge(const Table& training, std::span<const double> training_outcomes,
                            const Table& validation, std::span<const double> validation_outcomes) {
  if (training_outcomes.empty() || validation_outcomes.empty()) {
    return Error{ErrorCode::kInvalidArgument, "a ridge regression needs training and validation"};
  }
  const RidgeProblem problem(training, training_outcomes);
  TunedRidge best;
  double best_error = 0.0;
  for (const double penalty : kPenalties) {
    RECOUP_ASSIGN(RidgeRegression model, problem.Solve(penalty));
    const double error = SquaredError(validation_outcomes, model.Predict(validation));
    if (best.penalty == 0.0 || error < best_error) {
      best = {std::move(model), penalty};
      best_error = error;
    }
  }
  return best;
}

}  // namespace recoup::model
