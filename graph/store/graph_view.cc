#include "graph/store/graph_view.h"

#include <algorithm>

namespace recoup::graph {

const AttributeValue* NodeRecord::Find(AttributeId id) const {
  const auto found = std::lower_bound(
      attributes.begin(), attributes.end(), id,
      [](const StoredAttribute& attribute, AttributeId wanted) { return attribute.id < wanted; });
  return found != attributes.end() && found->id == id ? &found->value : nullptr;
}

}  // namespace recoup::graph
