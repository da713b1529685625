// Linear maps in plain loops, with a fixed order of sums.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/artifact/tensor.h"

namespace recoup::model {

/// A linear map with its matrix transposed to [in][out]: the inner loop then runs over outputs,
/// and each output is summed in the same order whatever the width of the machine's vectors.
struct Linear {
  std::size_t in = 0;
  std::size_t out = 0;
  std::vector<float> weight;  // [in][out]
  std::vector<float> bias;    // [out]; empty stands for zeros
};

/// Shape: weight[out, in].
Linear Transposed(const Tensor& weight);

/// REQUIRES: both names are in `weights`.
Linear WithBias(const TensorMap& weights, const std::string& weight, const std::string& bias);

/// y += scale * x.
void AddScaled(float* y, const float* x, float scale, std::size_t n);

/// y += x W. Shape: x[in], y[out].
void AddLinear(const Linear& linear, const float* x, float* y);

/// Writes the bias to y.
void StartWithBias(const Linear& linear, float* y);

/// Keeps what is not a number: as 0 it would pass for a forecast.
void Relu(float* y, std::size_t n);

}  // namespace recoup::model
