// Splits an amount into parts that sum exactly to it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/types/money.h"

namespace recoup::model {

/// Splits `total` in proportion to `weights` by the method of largest remainders: each part is its
/// exact share rounded down, and the units left over go to the largest remainders, the earlier part
/// first where they are equal. Every part is within one minor unit of its exact share. All weights
/// zero: everything goes to the last part.
/// REQUIRES: total is not negative; weights is not empty; the weights sum to less than 2^63.
std::vector<Money> Apportion(Money total, std::span<const std::uint64_t> weights);

}  // namespace recoup::model
