// Whether the parts of an ensemble fit each other and the loans' features.
#pragma once

#include "graph/types/result.h"
#include "model/artifact/ensemble.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

/// Checks all but the credibility tensors' names and shapes, which CheckCredibility
/// (model/predictor/credibility.h) knows. Let own be the number of OwnColumns and R of relations:
/// - relations are texts, ascending; those of history and messages are some of them
/// - trees have own, own + 7 R and own + 2 R + 4 columns; there are own ones, and also the others
///   if they have any weight
/// - the own ridge has own columns, the residual one 2 R or none, the metric some of the own
/// - weights are not negative and sum to 1 within 1e-9
/// - 0 < coverage < 1, the window holds an outcome, band ends and days of scores do not descend
/// - every number is finite
/// Errors: kDataLoss (names what is wrong).
Result<void> CheckEnsemble(const Ensemble& ensemble, const FeatureSchema& schema);

}  // namespace recoup::model
