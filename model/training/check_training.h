// The gate before training: what the caller got wrong is said at once, not after an hour.
#pragma once

#include <cstddef>

#include "graph/types/result.h"
#include "model/predictor/network_plugin.h"

namespace recoup::model {

/// Errors: kInvalidArgument (a set is empty, its sides disagree, an input does not fit `schema` or
/// holds several loans, its context has another width, a rate lies outside [0, 1]; `what` names the
/// set).
Result<void> CheckTrainingSet(const TrainingSet& set, const FeatureSchema& schema, const char* what,
                              std::size_t context_width = 0);

/// Errors: kInvalidArgument (names the option and its range).
Result<void> CheckTrainingOptions(const TrainingOptions& options);

}  // namespace recoup::model
