#include "model/boosting/gradient_boosting.h"

#include <xgboost/c_api.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

#include "model/boosting/xgboost_json.h"

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

Result<Booster> MakeBooster(std::span<const DMatrixHandle> matrices, const Parameters& parameters) {
  BoosterHandle handle = nullptr;
  if (XGBoosterCreate(matrices.data(), matrices.size(), &handle) != 0) {
    return XgboostError("making a booster");
  }
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

Result<void> Boost(BoosterHandle booster, int round, DMatrixHandle training,
                   const std::atomic<bool>* stop) {
  if (stop != nullptr && stop->load()) return Error{ErrorCode::kCancelled, "boosting was stopped"};
  if (XGBoosterUpdateOneIter(booster, round, training) != 0) return XgboostError("boosting");
  return {};
}

Result<double> Validate(BoosterHandle booster, int round, DMatrixHandle validation) {
  const char* name = "validation";
  const char* line = nullptr;
  if (XGBoosterEvalOneIter(booster, round, &validation, &name, 1, &line) != 0) {
    return XgboostError("measuring the validation error");
  }
  return ParseError(line);
}

double Mean(std::span<const double> outcomes) {
  return std::accumulate(outcomes.begin(), outcomes.end(), 0.0) /
         static_cast<double>(outcomes.size());
}

Result<void> CheckOptions(const LabelledTable& training, const BoostingOptions& options) {
  if (training.table->columns.empty()) return BadTable("boosting needs at least one column", 0);
  if (options.max_rounds < 1) return BadTable("boosting needs at least one round", 0);
  return {};
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
  RECOUP_TRY(CheckOptions(training, options));
  if (training.table->columns != validation.table->columns) {
    return BadTable("boosting needs the same columns in training and validation; columns",
                    training.table->columns.size());
  }
  RECOUP_ASSIGN(const Matrix training_matrix, MakeLabelledMatrix(training));
  RECOUP_ASSIGN(const Matrix validation_matrix, MakeLabelledMatrix(validation));
  const DMatrixHandle matrices[] = {training_matrix.get(), validation_matrix.get()};
  auto state = std::make_unique<State>();
  state->columns = training.table->columns.size();
  RECOUP_ASSIGN(state->booster,
                MakeBooster(matrices, ParametersOf(options, Mean(training.outcomes))));
  for (int round = 0; round < options.max_rounds; ++round) {
    RECOUP_TRY(Boost(state->booster.get(), round, training_matrix.get(), stop));
    RECOUP_ASSIGN(const double error,
                  Validate(state->booster.get(), round, validation_matrix.get()));
    if (error < state->validation_error) {
      state->validation_error = error;
      state->rounds = round + 1;
    } else if (round + 1 - state->rounds >= options.patience) {
      break;
    }
  }
  return GradientBoosting(std::move(state));
}

Result<GradientBoosting> GradientBoosting::FitRounds(const LabelledTable& training,
                                                     const BoostingOptions& options,
                                                     const std::atomic<bool>* stop) {
  RECOUP_TRY(CheckOptions(training, options));
  RECOUP_ASSIGN(const Matrix matrix, MakeLabelledMatrix(training));
  const DMatrixHandle matrices[] = {matrix.get()};
  auto state = std::make_unique<State>();
  state->columns = training.table->columns.size();
  RECOUP_ASSIGN(state->booster,
                MakeBooster(matrices, ParametersOf(options, Mean(training.outcomes))));
  for (int round = 0; round < options.max_rounds; ++round) {
    RECOUP_TRY(Boost(state->booster.get(), round, matrix.get(), stop));
  }
  state->rounds = options.max_rounds;
  return GradientBoosting(std::move(state));
}

Result<FlatTrees> GradientBoosting::Flatten() const {
  bst_ulong size = 0;
  const char* text = nullptr;
  if (XGBoosterSaveModelToBuffer(state_->booster.get(), R"({"format":"json"})", &size, &text) !=
      0) {
    return XgboostError("writing the trees");
  }
  return ReadXgboostJson({text, size}, {state_->columns, state_->rounds});
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
