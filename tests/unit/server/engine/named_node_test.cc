#include "server/engine/named_node.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::server {
namespace {

TEST_CASE("A node's attributes are named by the store's definitions", "[engine]") {
  const std::vector<graph::AttributeDefinition> definitions = {
      {7, graph::NodeKind::kLoan, "asset_class", graph::AttributeType::kCategory, {}},
      {1000, graph::NodeKind::kLoan, "score", graph::AttributeType::kNumber, {}}};
  const graph::NodeRecord record{
      {graph::NodeKind::kLoan, "L"}, Date(5), {{7, graph::Category{"loss"}}, {1000, 0.5}}};
  const NamedNode node = ToNamedNode(record, definitions);
  CHECK(node.key.external_id == "L");
  CHECK(node.first_known_at == Date(5));
  CHECK(node.attributes == std::vector<graph::NamedAttribute>{
                               {"asset_class", graph::Category{"loss"}}, {"score", 0.5}});
}

}  // namespace
}  // namespace recoup::server
