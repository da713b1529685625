// The last step of every network: 27 numbers become a calibrated forecast.
#pragma once

#include <span>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Applies softmax, in double so that no mass is lost, and the model's calibration.
/// Errors: kInternal (a logit is not finite: the weights or the inputs overflow).
Result<RecoveryForecast> ForecastFromLogits(std::span<const float, kRecoveryCells> logits,
                                            const Calibration& calibration);

}  // namespace recoup::model
