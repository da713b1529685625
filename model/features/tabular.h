// A loan as one flat row, for models without a network: its own features, and aggregates over the
// resolved loans around it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/node_id.h"
#include "graph/types/result.h"
#include "model/features/encoder.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

/// Shape: values[rows * columns.size()], row-major; a missing value is NaN.
struct Table {
  std::vector<std::string> columns;
  std::vector<float> values;

  std::size_t rows() const { return columns.empty() ? 0 : values.size() / columns.size(); }
};

/// Returns one row a loan with its own features as of each example's day: numeric features on the
/// schema's scale, buckets of texts (`name~0`), categories one-hot (`name=word`,
/// `name=(missing)`, `name=(unseen)`).
/// Errors: kDataLoss, kNotFound.
Result<Table> OwnFeatureTable(const graph::GraphStore& store, const FeatureSchema& schema,
                              std::span<const Example> examples);

/// Returns, per relation path from the loan to a node that other loans hang on, over its newest 512
/// resolved peers known strictly before the example's day: shrunken mean of (recovery rate minus
/// the mean of all outcomes known before the peer's own) for half-lives of ever and of one year (5
/// pseudo-peers), log1p of the count. The loan itself is never its own peer. A relation to several
/// nodes (guarantors) pools their peers, over all their relations to loans. Region and industry
/// nodes are told apart by the part of the id before ':'. Columns such as
/// `out.located_in.region.state.residual_mean`; paths on which no example has a peer are left out,
/// so that rows to be compared must come from one call. A loan without the path has NaN.
/// Errors: kDataLoss, kNotFound.
Result<Table> RelationalAggregateTable(const graph::GraphStore& store,
                                       std::span<const Example> examples);

}  // namespace recoup::model
