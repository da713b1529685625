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

/// From how many open loans on they are valued together. Less is read and computed from the second
/// loan on, but the network is packed first. Measured by tests/bench/batch_main.cc on 100,000
/// generated loans with an ensemble, one thread, seconds alone over seconds together: .68 for 1
/// loan, .89 for 2, .98 for 4, 1.09 for 8, 1.12 for 16, 1.20 for 64, 1.34 for 8,192.
inline constexpr std::size_t kFewestTogether = 16;

/// How many loans' surroundings are held at a time: 1 KB each in all, and 0.1 s until the first of
/// them is answered. On 96,000 open loans a second 72,000 were collected in portions of 512,
/// 143,000 in portions of 8,192, and 146,000 in one: beyond this there are no more neighbours to
/// share.
inline constexpr std::size_t kMostTogether = 16'384;

struct PortfolioOptions {
  /// Workers; answers do not depend on their number.
  int threads = 1;
  /// Set by another thread to give up; may be null.
  const std::atomic<bool>* stop = nullptr;
  std::size_t fewest_together = kFewestTogether;
  std::size_t most_together = kMostTogether;
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
