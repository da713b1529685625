#include "model/quantization/quantize_linear.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace recoup::model {
namespace {

double Rounded(double weight, double scale, double largest) {
  return scale > 0.0 ? std::clamp(std::nearbyint(weight / scale), -largest, largest) : 0.0;
}

double SquaredError(std::span<const double> weights, double scale, double largest) {
  double sum = 0.0;
  for (const double weight : weights) {
    const double error = weight - scale * Rounded(weight, scale, largest);
    sum += error * error;
  }
  return sum;
}

// To the nearest number of 8 significant bits.
double AsShort(double number) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(number));
  return static_cast<double>(std::bit_cast<float>((bits + 0x8000U) & 0xFFFF'0000U));
}

// In 8 bits the largest weight decides; in 4 it may pay to clip it.
float ScaleFor(std::span<const double> weights, int bits) {
  double reach = 0.0;
  for (const double weight : weights) reach = std::max(reach, std::abs(weight));
  const double largest = bits == 4 ? 7.0 : 127.0;
  if (bits == 8) return static_cast<float>(reach / largest);
  const double full = AsShort(reach / largest);
  constexpr int kSteps = 20;
  double best = full;
  double least = SquaredError(weights, full, largest);
  for (int step = 1; step <= kSteps; ++step) {
    const double scale = AsShort(full * (1.0 - 0.5 * step / kSteps));
    const double error = SquaredError(weights, scale, largest);
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return static_cast<float>(best);
}

// The strictly upper part U of products = (U + I) D (U + I)^T.
// Shape: [n * n]; empty for no products.
std::vector<double> Feedback(const InputProducts& products, std::size_t n) {
  if (products.values.empty()) return {};
  std::vector<double> h = products.values;
  double diagonal = 0.0;
  for (std::size_t i = 0; i < n; ++i) diagonal += h[i * n + i] / static_cast<double>(n);
  if (!(diagonal > 0.0)) return {};
  constexpr double kDamping = 0.01;  // inputs that never moved must not blow up
  for (std::size_t i = 0; i < n; ++i) h[i * n + i] += kDamping * diagonal;
  std::vector<double> upper(n * n, 0.0);
  std::vector<double> d(n);
  for (std::size_t j = n; j-- > 0;) {
    d[j] = h[j * n + j];
    for (std::size_t k = j + 1; k < n; ++k) d[j] -= upper[j * n + k] * upper[j * n + k] * d[k];
    for (std::size_t i = 0; i < j; ++i) {
      double sum = h[i * n + j];
      for (std::size_t k = j + 1; k < n; ++k) sum -= upper[i * n + k] * upper[j * n + k] * d[k];
      upper[i * n + j] = sum / d[j];
    }
  }
  return upper;
}

// Rounds one output's weights in order. Shape: row[n], scales[n] (of the weight's group), u[n * n].
void RoundRow(std::span<const double> row, std::span<const double> scales,
              std::span<const double> feedback, double largest, std::int8_t* values) {
  const std::size_t n = row.size();
  std::vector<double> lost(n);
  for (std::size_t i = 0; i < n; ++i) {
    double target = row[i];
    if (!feedback.empty()) {
      for (std::size_t k = 0; k < i; ++k) target += lost[k] * feedback[k * n + i];
    }
    const double rounded = Rounded(target, scales[i], largest);
    values[i] = static_cast<std::int8_t>(rounded);
    lost[i] = row[i] - scales[i] * rounded;
  }
}

}  // namespace

QuantizedLinear QuantizeLinear(std::span<const float> weights, std::size_t stride,
                               std::size_t first, std::span<const double> steps, int bits,
                               const InputProducts& products) {
  QuantizedLinear map;
  map.bits = static_cast<std::uint8_t>(bits);
  map.in = static_cast<std::uint32_t>(steps.size());
  map.out = static_cast<std::uint32_t>(weights.size() / stride);
  map.group = bits == 4 ? kFourBitGroup : std::max<std::uint32_t>(4, (map.in + 3) / 4 * 4);
  map.values.resize(std::size_t{map.in} * map.out);
  map.scales.resize(map.groups() * map.out);
  const double largest = bits == 4 ? 7.0 : 127.0;
  const std::vector<double> feedback =
      bits == 4 ? Feedback(products, map.in) : std::vector<double>();
  std::vector<double> row(map.in);
  std::vector<double> scales(map.in);
  for (std::size_t o = 0; o < map.out; ++o) {
    for (std::size_t i = 0; i < map.in; ++i) {
      row[i] = static_cast<double>(weights[o * stride + first + i]) * steps[i];
    }
    for (std::size_t g = 0; g < map.groups(); ++g) {
      const std::size_t begin = g * map.group;
      const std::size_t end = std::min<std::size_t>(begin + map.group, map.in);
      const float scale = ScaleFor(std::span(row).subspan(begin, end - begin), bits);
      map.scales[g * map.out + o] = scale;
      std::fill(scales.begin() + static_cast<std::ptrdiff_t>(begin),
                scales.begin() + static_cast<std::ptrdiff_t>(end), static_cast<double>(scale));
    }
    RoundRow(row, scales, feedback, largest, map.values.data() + o * map.in);
  }
  return map;
}

}  // namespace recoup::model
