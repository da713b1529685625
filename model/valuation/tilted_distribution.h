// Moving a distribution to another mean while keeping its shape.
#pragma once

#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Returns the distribution with masses in proportion to mass * exp(t x), x the middle of each
/// cell, with the t that gives it this mean: of all distributions with that mean the nearest to the
/// given one in relative entropy (docs/valuation.md, V-5b). Cells without mass stay without. A mean
/// that the cells cannot reach gives the nearest they can. REQUIRES: mean is finite.
RecoveryDistribution TiltToMean(const RecoveryDistribution& distribution, double mean);

}  // namespace recoup::model
