// The gate before every network: numbers that do not fit the model are an error, not a crash.
#pragma once

#include <cstddef>

#include "graph/types/result.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

/// Checks every size, row, category and number of `input` against `schema` and the width of the
/// network's context, and the order that encoded_neighbourhood.h promises.
/// Errors: kInvalidArgument (says what does not fit).
Result<void> CheckInput(const EncodedNeighbourhood& input, const FeatureSchema& schema,
                        std::size_t context_width = 0);

}  // namespace recoup::model
