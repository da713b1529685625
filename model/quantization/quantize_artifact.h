// A model's network in few bits, put into the model beside the original.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/features/encoded_neighbourhood.h"

namespace recoup::model {

/// Adds the network in `bits`, with steps of rows from `inputs`, or replaces an earlier one.
/// REQUIRES: bits is 8 or 4; inputs fit the model, context included.
/// Errors: kDataLoss (the network is not whole).
Result<void> AddQuantized(std::span<const EncodedNeighbourhood> inputs, int bits,
                          ModelArtifact* artifact);

/// What rounding does to the network's own means, over some loans.
struct RoundingChange {
  std::size_t loans = 0;
  double mean = 0.0;  // of |change|
  double max = 0.0;
};

/// Compares the network in `bits` with the original.
/// Errors: kFailedPrecondition (the model has no such form), those of Predictor::Predict.
Result<RoundingChange> ChangeByRounding(const ModelArtifact& artifact, int bits,
                                        std::span<const EncodedNeighbourhood> inputs);

}  // namespace recoup::model
