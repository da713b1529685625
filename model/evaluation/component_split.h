// Cuts examples into training, validation and test by connected groups of debtors: no debtor,
// guarantor or collateral of a test loan has been seen in training.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/evaluation/date_split.h"
#include "model/features/encoder.h"

namespace recoup::model {

/// Shares of the components, not of the loans; the rest is training.
struct ComponentSplitOptions {
  double validation_share = 0.15;
  double test_share = 0.20;
  /// Another number gives another draw.
  std::uint64_t seed = 1;
};

/// Returns a number for each example; two loans have the same number if they are connected, as of
/// the latest day, through borrows, co_borrows, guarantees, secures, owns, controls or related_to.
/// Lenders (originated_by), courts, regions and industries do not connect. A loan that was removed
/// is joined to what it was joined to on its valuation date. The number is a hash of the smallest
/// `kind:external_id` in the component, so it does not depend on the store.
/// Errors: kDataLoss, kNotFound (a loan is shown neither today nor on its valuation date).
Result<std::vector<std::uint64_t>> ComponentsOf(const graph::GraphStore& store,
                                                std::span<const Example> examples);

/// Splits by the hash of each example's component. Not out of time: it says how a model does on
/// strangers, and stands beside SplitByDate, never in its place.
/// Errors: those of ComponentsOf; kInvalidArgument (a part is empty, or shares that leave none).
Result<ExampleSplit> SplitByComponent(const graph::GraphStore& store,
                                      std::span<const Example> examples,
                                      const ComponentSplitOptions& options);

}  // namespace recoup::model
