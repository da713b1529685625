// The seam between what a model is made of and whoever wants a forecast.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "graph/types/result.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Turns encoded neighbourhoods into calibrated forecasts.
/// Threads: share freely. Deterministic: a loan's forecast does not depend on its batch.
class Predictor {
 public:
  virtual ~Predictor() = default;

  /// Shape: one forecast an input, in order; every input holds one loan.
  /// Errors: kInvalidArgument (an input does not fit the model's feature schema).
  virtual Result<std::vector<RecoveryForecast>> Predict(
      std::span<const EncodedNeighbourhood> inputs) const = 0;

  /// Returns what Predict makes of a loan of which its network forecasts `network`, the same bytes;
  /// for a network that ran before (portfolio_network.h). Of `input` only the loan's own row, its
  /// peers and its context are read.
  /// Errors: kInvalidArgument (the input lacks what the model asks for).
  virtual Result<RecoveryForecast> Refine(const EncodedNeighbourhood& /*input*/,
                                          const RecoveryForecast& network) const {
    return network;
  }

  /// `local-fp32`, `local-int8`, `local-int4` or `torch`; named in every reply.
  virtual std::string_view backend() const = 0;
};

}  // namespace recoup::model
