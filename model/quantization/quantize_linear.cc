#include "model/quantization/quantize_linear.h"

#include <algorithm>
#include <cmath>
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

// In 8 bits the largest weight decides; in 4 it may pay to clip it.
float ScaleFor(std::span<const double> weights, int bits) {
  double reach = 0.0;
  for (const double weight : weights) reach = std::max(reach, std::abs(weight));
  const double largest = bits == 4 ? 7.0 : 127.0;
  const double full = reach / largest;
  if (bits == 8) return static_cast<float>(full);
  constexpr int kSteps = 20;
  double best = full;
  double least = SquaredError(weights, full, largest);
  for (int step = 1; step <= kSteps; ++step) {
    const double scale = full * (1.0 - 0.5 * step / kSteps);
    const double error = SquaredError(weights, scale, largest);
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return static_cast<float>(best);
}

}  // namespace

QuantizedLinear QuantizeLinear(std::span<const float> weights, std::size_t stride,
                               std::size_t first, std::span<const double> steps, int bits) {
  QuantizedLinear map;
  map.in = static_cast<std::uint32_t>(steps.size());
  map.out = static_cast<std::uint32_t>(weights.size() / stride);
  map.group = bits == 4 ? kFourBitGroup : std::max<std::uint32_t>(4, (map.in + 3) / 4 * 4);
  map.values.resize(std::size_t{map.in} * map.out);
  map.scales.resize(map.groups() * map.out);
  const double largest = bits == 4 ? 7.0 : 127.0;
  std::vector<double> row(map.in);
  for (std::size_t o = 0; o < map.out; ++o) {
    for (std::size_t i = 0; i < map.in; ++i) {
      row[i] = static_cast<double>(weights[o * stride + first + i]) * steps[i];
    }
    for (std::size_t g = 0; g < map.groups(); ++g) {
      const std::size_t begin = g * map.group;
      const std::size_t end = std::min<std::size_t>(begin + map.group, map.in);
      const float scale = ScaleFor(std::span(row).subspan(begin, end - begin), bits);
      map.scales[g * map.out + o] = scale;
      for (std::size_t i = begin; i < end; ++i) {
        map.values[o * map.in + i] =
            static_cast<std::int8_t>(Rounded(row[i], static_cast<double>(scale), largest));
      }
    }
  }
  return map;
}

}  // namespace recoup::model
