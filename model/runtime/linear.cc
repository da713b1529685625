#include "model/runtime/linear.h"

#include <algorithm>

namespace recoup::model {
namespace {

// The loop carries no sum from one step to the next, so the compiler may use any vector width
// without changing a bit; this folder is compiled without fused multiply-add.
inline void AddRow(float* __restrict y, const float* __restrict x, float scale, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] += scale * x[i];
}

}  // namespace

Linear Transposed(const Tensor& weight) {
  Linear linear;
  linear.out = static_cast<std::size_t>(weight.shape[0]);
  linear.in = static_cast<std::size_t>(weight.shape[1]);
  linear.weight.resize(linear.in * linear.out);
  for (std::size_t o = 0; o < linear.out; ++o) {
    for (std::size_t i = 0; i < linear.in; ++i) {
      linear.weight[i * linear.out + o] = weight.values[o * linear.in + i];
    }
  }
  return linear;
}

Linear WithBias(const TensorMap& weights, const std::string& weight, const std::string& bias) {
  Linear linear = Transposed(weights.at(weight));
  linear.bias = weights.at(bias).values;
  return linear;
}

void AddScaled(float* y, const float* x, float scale, std::size_t n) { AddRow(y, x, scale, n); }

void AddLinear(const Linear& linear, const float* x, float* y) {
  for (std::size_t i = 0; i < linear.in; ++i) {
    AddRow(y, linear.weight.data() + i * linear.out, x[i], linear.out);
  }
}

void StartWithBias(const Linear& linear, float* y) {
  std::copy(linear.bias.begin(), linear.bias.end(), y);
}

void Relu(float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = y[i] < 0.0F ? 0.0F : y[i];
}

}  // namespace recoup::model
