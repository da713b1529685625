// Trees that were grown before from the very same rows, kept on disk: an interrupted training that
// is started again goes on where it stopped.
#pragma once

#include <atomic>
#include <filesystem>

#include "graph/types/result.h"
#include "model/boosting/gradient_boosting.h"
#include "model/trees/flat_trees.h"

namespace recoup::model {

/// Grows options.max_rounds trees, or reads them from `folder` if the same rows, targets and
/// options were grown there; an empty folder name keeps nothing. Damaged files count as absent.
/// Errors: those of GradientBoosting::FitRounds; kUnavailable (the folder cannot be written).
Result<FlatTrees> GrowOrRecall(const std::filesystem::path& folder, const LabelledTable& rows,
                               const BoostingOptions& options, const std::atomic<bool>* stop);

}  // namespace recoup::model
