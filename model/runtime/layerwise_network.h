// The local networks behind the seam for whole portfolios.
#pragma once

#include <memory>
#include <string_view>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/predictor/portfolio_network.h"

namespace recoup::model {

/// Returns the network that the predictor of this name (Predictor::backend) runs for single loans,
/// or null if it cannot run layer by layer. Lifetime: keeps what it needs of `artifact`.
/// Errors: kDataLoss (the network is not whole).
Result<std::unique_ptr<PortfolioNetwork>> MakePortfolioNetwork(const ModelArtifact& artifact,
                                                               std::string_view backend);

}  // namespace recoup::model
