#include "server/engine/named_node.h"

#include <algorithm>

namespace recoup::server {

NamedNode ToNamedNode(const graph::NodeRecord& record,
                      const std::vector<graph::AttributeDefinition>& attributes) {
  NamedNode node{record.key, record.first_known_at, {}};
  node.attributes.reserve(record.attributes.size());
  for (const graph::StoredAttribute& stored : record.attributes) {
    const auto definition =
        std::lower_bound(attributes.begin(), attributes.end(), stored.id,
                         [](const auto& left, graph::AttributeId id) { return left.id < id; });
    RECOUP_CHECK(definition != attributes.end() && definition->id == stored.id);
    node.attributes.push_back({definition->name, stored.value});
  }
  return node;
}

}  // namespace recoup::server
