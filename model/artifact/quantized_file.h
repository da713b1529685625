// network.int8.bin and network.int4.bin (docs/formats/quantized.md).
#pragma once

#include <string>
#include <string_view>

#include "graph/types/result.h"
#include "model/artifact/quantized_network.h"

namespace recoup::model {

/// Equal networks give equal bytes. REQUIRES: CheckQuantizedNetwork accepts the network.
std::string WriteQuantizedNetwork(const QuantizedNetwork& network);

/// The bytes are not trusted: sizes are checked before anything is allocated.
/// Errors: kDataLoss (truncated, too long, or refused by CheckQuantizedNetwork).
Result<QuantizedNetwork> ReadQuantizedNetwork(std::string_view bytes, const FeatureSchema& schema);

}  // namespace recoup::model
