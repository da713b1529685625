// One valuation, straight through: neighbourhood, features, forecast, money.
#pragma once

#include <string>

#include "graph/store/graph_view.h"
#include "graph/types/money.h"
#include "graph/types/node_id.h"
#include "graph/types/result.h"
#include "model/features/encoder.h"
#include "model/predictor/predictor.h"
#include "model/runtime/peer_book.h"
#include "server/engine/valuation_source.h"

namespace recoup::server {

/// What one valuation needs beside the loan. Lifetime: everything pointed at outlives the call.
struct ValuationContext {
  const graph::GraphView* view = nullptr;
  const model::Encoder* encoder = nullptr;
  const model::Predictor* predictor = nullptr;
  /// What resolved peers say; null for a model that asks none.
  const model::PeerBook* peers = nullptr;
  graph::SamplingOptions sampling;
  model::ValuationTerms terms;
  Provenance provenance;
};

/// Returns what is owed on a loan: its balance, else its exposure at default.
/// Errors: kFailedPrecondition (neither is known by the view's day; says what to import).
Result<Money> ClaimOf(const graph::NodeRecord& loan);

/// Errors: kNotFound (the loan is not known by the view's day), those of ClaimOf and of the steps.
Result<LoanAnswer> ValueOneLoan(const ValuationContext& context, const std::string& loan_id);

/// Returns the external ids of the loans that are non-performing by the view's day (their default
/// date is known and not later), ascending. Where no loan has a default date, as in a tape of
/// balances alone, every loan is taken to be non-performing.
Result<std::vector<std::string>> NonPerformingLoans(const graph::GraphView& view);

}  // namespace recoup::server
