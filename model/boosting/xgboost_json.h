// The model that libxgboost saves as JSON, turned into flat trees.
#pragma once

#include <cstddef>
#include <string_view>

#include "graph/types/result.h"
#include "model/trees/flat_trees.h"

namespace recoup::model {

/// What is wanted of a saved model.
struct XgboostModelSize {
  /// Columns that it was trained on.
  std::size_t columns = 0;
  /// Trees to keep, from the first.
  int rounds = 0;
};

/// Reads a `gbtree` regression model with one tree a round and numeric splits, as libxgboost 1.7
/// to 3.x write it. Breadth first, so that siblings are neighbours and follow their parent.
/// Errors: kInternal (not such a model, or fewer trees than `size.rounds`).
Result<FlatTrees> ReadXgboostJson(std::string_view text, XgboostModelSize size);

}  // namespace recoup::model
