// One linear map in few bits.
#pragma once

#include <cstddef>
#include <span>

#include "model/artifact/quantized_network.h"

namespace recoup::model {

/// Inputs that share a scale in 4 bits; in 8 bits all do.
inline constexpr std::uint32_t kFourBitGroup = 32;

/// Rounds W[o][i] * steps[i] to the nearest multiple of a scale that is chosen for each output and
/// group: the largest weight's in 8 bits, in 4 the one of least squared error among some below it.
/// Shape: weights[out][stride], of which columns [first, first + steps.size()) are the map.
/// REQUIRES: bits is 8 or 4; steps are not negative.
QuantizedLinear QuantizeLinear(std::span<const float> weights, std::size_t stride,
                               std::size_t first, std::span<const double> steps, int bits);

}  // namespace recoup::model
