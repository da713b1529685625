// The gate before the credibility network's training.
#pragma once

#include "graph/types/result.h"
#include "model/predictor/credibility.h"

namespace recoup::model {

/// Errors: kInvalidArgument (says which sizes disagree, which row does not exist, or what is no
/// number; a peer whose outcome lies after the loan's day).
Result<void> CheckCredibilityTraining(const CredibilityTraining& training);

/// Errors: kInvalidArgument (names the option and its range).
Result<void> CheckCredibilityOptions(const CredibilityOptions& options);

}  // namespace recoup::model
