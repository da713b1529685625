// What of a book an ensemble may learn from, so that it learns from the training part of a split.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/types/date.h"
#include "model/evaluation/prepared_data.h"
#include "model/learning/learnt_ensemble.h"

namespace recoup::model {

/// Returns the positions of these examples in the book. REQUIRES: the book holds them.
std::vector<std::uint32_t> PositionsIn(const LoanBook& book, std::span<const Example> examples);

/// Returns the day before which the outcomes of the training part were known.
Date LearnBefore(const PreparedData& data);

/// Makes `options` learn from the training part only: what else was known by then is left out, or,
/// in a scenario that lets it be heard, speaks as a peer.
void KeepApart(const PreparedData& data, const LoanBook& book, LearnOptions* options);

}  // namespace recoup::model
