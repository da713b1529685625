// Nodes as people read them: attributes by name.
#pragma once

#include <vector>

#include "graph/schema/attribute.h"
#include "graph/store/graph_view.h"
#include "server/engine/valuation_source.h"

namespace recoup::server {

/// `attributes` are GraphView::Attributes() of the same store, ascending by id.
NamedNode ToNamedNode(const graph::NodeRecord& record,
                      const std::vector<graph::AttributeDefinition>& attributes);

}  // namespace recoup::server
