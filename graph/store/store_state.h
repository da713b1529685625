// What the store on disk knows of itself at one epoch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "graph/store/attribute_catalog.h"
#include "graph/store/graph_store.h"
#include "graph/types/node_id.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Everything that a batch changes besides histories. Copied for each batch; a view keeps the one
/// that it began with.
struct StoreState {
  StoreStatistics statistics;
  std::uint64_t last_sequence = 0;
  std::shared_ptr<const AttributeCatalog> catalog = std::make_shared<AttributeCatalog>();
  /// Nodes that some fact removes. Readers ask about these alone whether they still exist.
  std::shared_ptr<const std::unordered_set<NodeId>> removed =
      std::make_shared<std::unordered_set<NodeId>>();
};

/// The numbers of the state; catalog and removed nodes have records of their own.
std::string EncodeNumbers(const StoreState& state);
/// Errors: kDataLoss.
Result<void> DecodeNumbers(std::string_view bytes, StoreState* state);

std::string EncodeChange(const CatalogChange& change);
/// Errors: kDataLoss.
Result<CatalogChange> DecodeChange(std::string_view bytes);

}  // namespace recoup::graph
