// Distributions and intervals of an ensemble: the network's shape, the members' mean, and a margin
// that moves with the newest outcomes.
#pragma once

#include <span>
#include <vector>

#include "graph/types/result.h"
#include "model/artifact/ensemble.h"
#include "model/evaluation/model_predictions.h"
#include "model/features/encoder.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Returns the share of `second` in a mean of both that would have erred least (least squares, cut
/// to [0, 1]), drawn towards 0 as if 100 loans more had shown no use of it. Shape: one entry a
/// loan.
double ShareOfSecond(std::span<const double> outcomes, std::span<const double> first,
                     std::span<const double> second);

/// Returns (1 - share) * first + share * second.
std::vector<double> Blend(std::span<const double> first, std::span<const double> second,
                          double share);

std::vector<double> MeansOfAll(std::span<const RecoveryDistribution> distributions);

/// Returns each distribution tilted to its mean (docs/valuation.md, V-5b).
/// Shape: both have one entry a loan.
std::vector<RecoveryDistribution> TiltAll(std::span<const RecoveryDistribution> distributions,
                                          std::span<const double> means);

/// Returns how each outcome fell against its uncalibrated interval, ascending by the day it was
/// known.
/// Shape: one entry a loan.
std::vector<ConformityScore> ScoresOf(std::span<const RecoveryDistribution> distributions,
                                      std::span<const Example> loans);

/// Returns a calibration with bands at the thirds of the forecasts that these scores are of.
RollingCalibration CalibrateRolling(std::vector<ConformityScore> scores);

/// Forecasts loans in the order of their days: before each the margin is that of the scores known
/// by then, of `calibration` and of these loans themselves, as a server would have it whose ledger
/// goes on.
/// Shape: one entry a loan. Errors: kInvalidArgument.
Result<ModelPredictions> PredictRolling(std::span<const RecoveryDistribution> distributions,
                                        std::span<const Example> loans,
                                        const RollingCalibration& calibration);

/// As PredictRolling for a model that forecasts means alone: around each mean the quantiles of the
/// newest `window` errors known before the loan's day, cut to [0, 1]. With fewer than 100 known
/// errors anything may come out: they are taken to lie evenly between -1 and 1.
/// Shape: one entry a loan.
ModelPredictions PredictRollingFromMeans(std::span<const double> means,
                                         std::span<const Example> loans, std::size_t window = 1500);

}  // namespace recoup::model
