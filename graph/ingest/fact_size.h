// How large facts are on their way, so that a batch fits into one message.
#pragma once

#include <cstddef>

#include "graph/schema/attribute.h"
#include "graph/schema/fact.h"

namespace recoup::graph {

/// Returns at least what the fact takes in a message, the same on every machine.
/// Unit: bytes.
/// These sizes decide where a batch ends, and a store skips batches by their number: who changes
/// them must change TapeDigest, too.
std::size_t EstimateBytes(const Fact& fact);

/// As above, for what a batch holds beside its facts.
std::size_t EstimateHeaderBytes(const FactBatch& batch);

}  // namespace recoup::graph
