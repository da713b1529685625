// The seam for networks that run over a whole portfolio before any of its loans is asked for.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "graph/types/result.h"
#include "model/features/in_blocks.h"
#include "model/features/portfolio_graph.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// What a network made of one portfolio. Threads: share freely.
class PortfolioStates {
 public:
  virtual ~PortfolioStates() = default;

  /// Returns what the network's predictor forecasts of the loan on its own, the same bytes.
  /// `context` is EncodedNeighbourhood's. REQUIRES: seed < PortfolioGraph::seeds.
  /// Errors: kInvalidArgument (the context does not fit the network), kInternal (the network gave a
  /// number that is not finite).
  virtual Result<RecoveryForecast> Forecast(std::size_t seed,
                                            std::span<const float> context) const = 0;
};

/// Threads: share freely.
class PortfolioNetwork {
 public:
  virtual ~PortfolioNetwork() = default;

  /// Lifetime: the states must not outlive the network; the graph is not needed any more.
  /// Errors: kCancelled (stopped), kInvalidArgument (more neighbours than the network can sum).
  virtual Result<std::unique_ptr<PortfolioStates>> Run(const PortfolioGraph& graph,
                                                       const Workers& workers) const = 0;
};

}  // namespace recoup::model
