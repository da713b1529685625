// Batches of facts as bytes: the records of the facts log.
#pragma once

#include <string>
#include <string_view>

#include "graph/schema/fact.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Returns the batch as docs/formats/store.md lays it out.
std::string EncodeBatch(const FactBatch& batch);

/// Errors: kDataLoss (not the bytes of a batch).
Result<FactBatch> DecodeBatch(std::string_view bytes);

}  // namespace recoup::graph
