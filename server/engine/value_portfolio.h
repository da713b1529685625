// Many loans at once: the network runs over all of their surroundings together where that is
// cheaper and gives the same bytes, otherwise loan by loan.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "server/engine/valuation_source.h"
#include "server/engine/value_loan.h"

namespace recoup::server {

struct PortfolioOptions {
  /// Workers; answers do not depend on their number.
  int threads = 1;
  /// Set by another thread to give up; may be null.
  const std::atomic<bool>* stop = nullptr;
  /// Open loans below which the network runs loan by loan.
  std::size_t fewest_together = 64;
  /// Loans whose surroundings are held in memory at a time.
  std::size_t most_together = 65'536;
};

/// Calls `visit` for each loan, in the order of `loan_ids`, with what ValueOneLoan answers: the
/// same bytes and the same errors. Loans whose outcome is known by the view's day go loan by loan,
/// because they are left out among their own peers (model/features/portfolio_graph.h); so does
/// everything under a predictor whose network cannot run layer by layer.
/// Errors: kCancelled (stopped), what `visit` returns.
Result<void> ValuePortfolio(const ValuationContext& context, const model::ModelArtifact& artifact,
                            std::span<const std::string> loan_ids,
                            const std::function<Result<void>(const PortfolioItem&)>& visit,
                            const PortfolioOptions& options);

}  // namespace recoup::server
