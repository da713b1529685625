// Goes on with the residual ledger when outcomes become known: what had the model expected?
#pragma once

#include "graph/schema/fact.h"
#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/features/encoder.h"
#include "model/runtime/peer_book.h"
#include "server/lifecycle/model_repository.h"

namespace recoup::server {

/// Returns the entries that the ledger lacks of the loans that `facts` resolve, if the model did
/// not learn from their outcomes: what its base expects of each, and its whole forecast, both as of
/// the loan's valuation date. `peers` were read after the facts were applied. Errors: kDataLoss.
Result<graph::FactBatch> LedgerFor(const graph::FactBatch& facts, const graph::GraphStore& store,
                                   const ActiveModel& model, const model::Encoder& encoder,
                                   const model::PeerBook& peers);

/// Whether any of the facts is an outcome.
bool ResolvesLoans(const graph::FactBatch& facts);

}  // namespace recoup::server
