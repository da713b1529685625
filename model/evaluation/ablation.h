// The same inputs with their graph taken away or mixed up: what is a network without its edges?
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/features/encoded_neighbourhood.h"
#include "model/features/encoder.h"
#include "model/peers/loan_book.h"

namespace recoup::model {

/// Leaves one loan alone: no relations, no rows but its own.
/// REQUIRES: `input` holds one loan.
EncodedNeighbourhood WithoutSurroundings(const EncodedNeighbourhood& input);

/// Returns whose surroundings each example is given: a random permutation among the examples whose
/// outcome became known in the same calendar year. The same seed gives the same permutation.
std::vector<std::uint32_t> ShuffledSurroundings(std::span<const Example> examples,
                                                std::uint64_t seed);

/// Gives every loan the members' relations of another loan of the same outcome year.
LoanBook WithShuffledEdges(const LoanBook& book, std::uint64_t seed);

}  // namespace recoup::model
