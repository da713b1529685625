// One linear map in few bits.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/artifact/quantized_network.h"

namespace recoup::model {

/// Inputs that share a scale in 4 bits; in 8 bits all do.
inline constexpr std::uint32_t kFourBitGroup = 16;

/// How much two inputs of a map move together, on real loans: the mean of u_i u_j over rows.
/// Shape: values[in * in], symmetric, without negative diagonal; empty: nothing is known.
struct InputProducts {
  std::vector<double> values;
};

/// Rounds W[o][i] * steps[i] to multiples of a scale that is chosen for each output and group. In 8
/// bits the scale is the largest weight's, and each weight is rounded to the nearest. In 4 it is
/// the one of least squared error among some below that, and where products are given each weight
/// is rounded after what the ones before it lost has been put on it, as far as it moves with them:
/// that keeps the error of the map's results small, not that of its weights (LDLQ; Chee et al.
/// 2023, QuIP, algorithm 3).
/// Shape: weights[out][stride], of which columns [first, first + steps.size()) are the map.
/// REQUIRES: bits is 8 or 4; steps are not negative.
QuantizedLinear QuantizeLinear(std::span<const float> weights, std::size_t stride,
                               std::size_t first, std::span<const double> steps, int bits,
                               const InputProducts& products = {});

}  // namespace recoup::model
