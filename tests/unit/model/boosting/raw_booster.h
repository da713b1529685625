// libxgboost itself, unwrapped: what flat trees are compared with.
#pragma once

#include <xgboost/c_api.h>

#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "graph/types/result.h"

namespace recoup::model {

inline void CheckXgboost(int code) { RECOUP_CHECK(code == 0); }

/// Rows as libxgboost holds them; a missing value is NaN.
class RawMatrix {
 public:
  RawMatrix(std::span<const float> values, std::size_t columns)
      : rows_(values.size() / columns), columns_(columns) {
    constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
    CheckXgboost(XGDMatrixCreateFromMat(values.data(), rows_, columns, kMissing, &handle_));
  }
  RawMatrix(const RawMatrix&) = delete;
  RawMatrix& operator=(const RawMatrix&) = delete;
  ~RawMatrix() { XGDMatrixFree(handle_); }

  DMatrixHandle handle() const { return handle_; }
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }

 private:
  DMatrixHandle handle_ = nullptr;
  std::size_t rows_;
  std::size_t columns_;
};

class RawBooster {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  RawBooster(const RawMatrix& training, const std::vector<float>& labels,
             const Parameters& parameters, int rounds) {
    const DMatrixHandle matrix = training.handle();
    CheckXgboost(XGDMatrixSetFloatInfo(matrix, "label", labels.data(), labels.size()));
    CheckXgboost(XGBoosterCreate(&matrix, 1, &handle_));
    CheckXgboost(XGBoosterSetParam(handle_, "verbosity", "0"));
    for (const auto& [name, value] : parameters) {
      CheckXgboost(XGBoosterSetParam(handle_, name.c_str(), value.c_str()));
    }
    for (int round = 0; round < rounds; ++round) {
      CheckXgboost(XGBoosterUpdateOneIter(handle_, round, matrix));
    }
  }
  RawBooster(const RawBooster&) = delete;
  RawBooster& operator=(const RawBooster&) = delete;
  ~RawBooster() { XGBoosterFree(handle_); }

  std::string Json() const {
    bst_ulong size = 0;
    const char* text = nullptr;
    CheckXgboost(XGBoosterSaveModelToBuffer(handle_, R"({"format":"json"})", &size, &text));
    return {text, size};
  }

  /// By the first `rounds` trees; 0 stands for all.
  std::vector<float> Predict(const RawMatrix& matrix, int rounds) const {
    return Ask(matrix, "0", rounds);
  }

  /// Shape: [rows, columns + 1]; the last is the expectation.
  std::vector<float> Contributions(const RawMatrix& matrix, int rounds) const {
    return Ask(matrix, "2", rounds);
  }

 private:
  std::vector<float> Ask(const RawMatrix& matrix, const std::string& type, int rounds) const {
    const std::string config = R"({"training":false,"iteration_begin":0,"strict_shape":false,)"
                               R"("type":)" +
                               type + R"(,"iteration_end":)" + std::to_string(rounds) + "}";
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* values = nullptr;
    CheckXgboost(XGBoosterPredictFromDMatrix(handle_, matrix.handle(), config.c_str(), &shape,
                                             &dimensions, &values));
    std::size_t count = 1;
    for (bst_ulong i = 0; i < dimensions; ++i) count *= shape[i];
    return {values, values + count};
  }

  BoosterHandle handle_ = nullptr;
};

}  // namespace recoup::model
