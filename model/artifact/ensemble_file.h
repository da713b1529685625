// The ensemble as bytes: `ensemble.bin` of a model directory (docs/formats/model.md).
#pragma once

#include <string>
#include <string_view>

#include "graph/types/result.h"
#include "model/artifact/ensemble.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

/// Returns the file's bytes; equal ensembles give equal bytes.
/// REQUIRES: one scale a column of the metric, each tensor holds as many values as its shape says.
std::string WriteEnsemble(const Ensemble& ensemble);

/// Reads what WriteEnsemble wrote, and nothing else: what is read is written again unchanged. The
/// bytes are not trusted: sizes are checked before anything is allocated.
/// Errors: kDataLoss (truncated, too long, a number that is not finite, or parts that do not fit
/// each other or the schema, as CheckEnsemble has it; names what is wrong).
Result<Ensemble> ReadEnsemble(std::string_view bytes, const FeatureSchema& schema);

}  // namespace recoup::model
