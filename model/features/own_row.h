// A loan's own features as one flat row: what trees and linear models take.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/features/feature_schema.h"

namespace recoup::model {

/// Returns the row's columns: numeric features by attribute, the buckets of texts (`name~0`,
/// `name~1`, ...), then categories one-hot (`name=(missing)`, `name=(unseen)`, `name=word`).
std::vector<std::string> OwnColumns(const KindFeatures& loan);

/// Turns a loan's encoded row into OwnColumns; a missing number becomes NaN.
/// Shape: numeric[numeric_width()], categories[categories.size()], row[OwnColumns().size()].
/// REQUIRES: `row` is all 0.
void WriteOwnRow(const KindFeatures& loan, std::span<const float> numeric,
                 std::span<const std::int32_t> categories, float* row);

}  // namespace recoup::model
