#include "model/evaluation/gradient_boosting.h"

#include <xgboost/c_api.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

namespace recoup::model {
namespace {

Error XgboostError(std::string_view what) {
  return Error{ErrorCode::kInternal,
               std::string(what) + " failed in libxgboost: " + XGBGetLastError()};
}

Error BadTable(std::string_view what, std::size_t count) {
  return Error{ErrorCode::kInvalidArgument, std::string(what) + ": " + std::to_string(count)};
}

struct FreeMatrix {
  void operator()(void* handle) const { XGDMatrixFree(handle); }
};
struct FreeBooster {
  void operator()(void* handle) const { XGBoosterFree(handle); }
};
using Matrix = std::unique_ptr<void, FreeMatrix>;
using Booster = std::unique_ptr<void, FreeBooster>;

Result<Matrix> MakeMatrix(const Table& table) {
  DMatrixHandle handle = nullptr;
  if (XGDMatrixCreateFromMat(table.values.data(), table.rows(), table.columns.size(),
                             std::numeric_limits<float>::quiet_NaN(), &handle) != 0) {
    return XgboostError("making a matrix");
  }
  return Matrix(handle);
}

Result<Matrix> MakeLabelledMatrix(const LabelledTable& slice) {
  if (slice.table->rows() != slice.outcomes.size() || slice.outcomes.empty()) {
    return BadTable("boosting needs one outcome a row and at least one row; outcomes",
                    slice.outcomes.size());
  }
  RECOUP_ASSIGN(Matrix matrix, MakeMatrix(*slice.table));
  const std::vector<float> labels(slice.outcomes.begin(), slice.outcomes.end());
  if (XGDMatrixSetFloatInfo(matrix.get(), "label", labels.data(), labels.size()) != 0) {
    return XgboostError("setting outcomes");
  }
  return matrix;
}

/// Prints with a point whatever the locale says.
std::string NumberText(double value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::string(buffer, end) : "0";
}

using Parameters = std::vector<std::pair<const char*, std::string>>;

Parameters ParametersOf(const BoostingOptions& options, double base_score) {
  return {{"objective", "reg:squarederror"},
          {"eval_metric", "rmse"},
          {"tree_method", "hist"},
          {"verbosity", "0"},
          {"base_score", NumberText(base_score)},
          {"eta", NumberText(options.learning_rate)},
          {"max_depth", std::to_string(options.max_depth)},
          {"min_child_weight", NumberText(options.min_child_weight)},
          {"colsample_bytree", NumberText(options.column_share)},
          {"subsample", NumberText(options.row_share)},
          {"lambda", NumberText(options.penalty)},
          {"seed", std::to_string(options.seed)},
          {"nthread", std::to_string(options.threads)}};
}

Result<Booster> MakeBooster(DMatrixHandle training, DMatrixHandle validation,
                            const Parameters& parameters) {
  const DMatrixHandle matrices[] = {training, validation};
  BoosterHandle handle = nullptr;
  if (XGBoosterCreate(matrices, 2, &handle) != 0) return XgboostError("making a booster");
  Booster booster(handle);
  for (const auto& [name, value] : parameters) {
    if (XGBoosterSetParam(handle, name, value.c_str()) != 0) return XgboostError(name);
  }
  return booster;
}

/// Reads the number after the last colon of `[7]<tab>validation-rmse:0.25`.
Result<double> ParseError(std::string_view line) {
  const std::string_view number = line.substr(line.rfind(':') + 1);
  double value = 0.0;
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), value);
  if (parsed.ec != std::errc() || !std::isfinite(value)) {
    return Error{ErrorCode::kInternal,
                 "libxgboost reported no validation error: " + std::string(line)};
  }
  return value;
}

Result<double> Boost(BoosterHandle booster, int round, DMatrixHandle training,
                     DMatrixHandle validation) {
  if (XGBoosterUpdateOneIter(booster, round, training) != 0) return XgboostError("boosting");
  const char* name = "validation";
  const char* line = nullptr;
  if (XGBoosterEvalOneIter(booster, round, &validation, &name, 1, &line) != 0) {
    return XgboostError("measuring the validation error");
  }
  return ParseError(line);
}

}  // namespace

struct GradientBoosting::State {
  Booster booster;
  std::size_t columns = 0;
  int rounds = 0;
  double validation_error = std::numeric_limits<double>::infinity();
};

std::string Describe(const BoostingOptions& options) {
  return "depth " + std::to_string(options.max_depth) + ", smallest leaf " +
         NumberText(options.min_child_weight) + ", column share " +
         NumberText(options.column_share) + ", row share " + NumberText(options.row_share);
}

GradientBoosting::GradientBoosting(std::unique_ptr<State> state) : state_(std::move(state)) {}
GradientBoosting::GradientBoosting(GradientBoosting&&) noexcept = default;
GradientBoosting& GradientBoosting::operator=(GradientBoosting&&) noexcept = default;
GradientBoosting::~GradientBoosting() = default;

int GradientBoosting::rounds() const { return state_->rounds; }
double GradientBoosting::validation_error() const { return state_->validation_error; }

Result<GradientBoosting> GradientBoosting::Fit(const LabelledTable& training,
                                               const LabelledTable& validation,
                                               const BoostingOptions& options,
                                               const std::atomic<bool>* stop) {
  if (training.table->columns.empty() || training.table->columns != validation.table->columns) {
    return BadTable("boosting needs the same columns in training and validation; columns",
                    training.table->columns.size());
  }
  if (options.max_rounds < 1) return BadTable("boosting needs at least one round", 0);
  RECOUP_ASSIGN(const Matrix training_matrix, MakeLabelledMatrix(training));
  RECOUP_ASSIGN(const Matrix validation_matrix, MakeLabelledMatrix(validation));
  const double base_score =
      std::accumulate(training.outcomes.begin(), training.outcomes.end(), 0.0) /
      static_cast<double>(training.outcomes.size());
  auto state = std::make_unique<State>();
  state->columns = training.table->columns.size();
  RECOUP_ASSIGN(state->booster, MakeBooster(training_matrix.get(), validation_matrix.get(),
                                            ParametersOf(options, base_score)));
  for (int round = 0; round < options.max_rounds; ++round) {
    if (stop != nullptr && stop->load())
      return Error{ErrorCode::kCancelled, "boosting was stopped"};
    RECOUP_ASSIGN(const double error, Boost(state->booster.get(), round, training_matrix.get(),
                                            validation_matrix.get()));
    if (error < state->validation_error) {
      state->validation_error = error;
      state->rounds = round + 1;
    } else if (round + 1 - state->rounds >= options.patience) {
      break;
    }
  }
  return GradientBoosting(std::move(state));
}

Result<std::vector<double>> GradientBoosting::Predict(const Table& table) const {
  if (table.columns.size() != state_->columns) {
    return BadTable("these trees were grown on another number of columns", state_->columns);
  }
  if (table.rows() == 0) return std::vector<double>{};
  RECOUP_ASSIGN(const Matrix matrix, MakeMatrix(table));
  const std::string config = R"({"type":0,"training":false,"iteration_begin":0,"iteration_end":)" +
                             std::to_string(state_->rounds) + R"(,"strict_shape":false})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  if (XGBoosterPredictFromDMatrix(state_->booster.get(), matrix.get(), config.c_str(), &shape,
                                  &dimensions, &values) != 0) {
    return XgboostError("predicting");
  }
  return std::vector<double>(values, values + table.rows());
}

}  // namespace recoup::model
