// The ensemble behind the predictor's seam: the network gives the shape of the distribution, the
// members its mean, and the newest outcomes the width of the interval.
#pragma once

#include <memory>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/predictor/predictor.h"

namespace recoup::model {

/// Returns a predictor that takes distributions from `network`, moves them to the ensemble's mean
/// and widens the interval by the peers' margins. Inputs must carry a PeerAnswer.
/// Lifetime: keeps what it needs of `artifact`.
/// REQUIRES: artifact.ensemble.
/// Errors: kDataLoss (the credibility network is not whole).
Result<std::unique_ptr<Predictor>> MakeEnsemblePredictor(const ModelArtifact& artifact,
                                                         std::unique_ptr<Predictor> network);

}  // namespace recoup::model
