// From a network in fp32 to one in few bits, after training and without it.
#pragma once

#include "graph/types/result.h"
#include "model/artifact/quantized_network.h"
#include "model/artifact/tensor.h"
#include "model/features/feature_schema.h"
#include "model/quantization/activation_ranges.h"

namespace recoup::model {

/// Rounds weights to `bits`, with steps of rows from `ranges`. Channels that no loan moved get the
/// step of the largest number that weights and features could give, so that a kind of node which
/// turns up only later is heard, if coarsely; but where other channels of the rows were moved, none
/// that is larger than all of theirs.
/// REQUIRES: bits is 8 or 4; `ranges` are of this network.
/// Errors: kDataLoss (the network is not whole for `schema`).
Result<QuantizedNetwork> QuantizeNetwork(const TensorMap& weights, const FeatureSchema& schema,
                                         const ActivationRanges& ranges, int bits);

}  // namespace recoup::model
