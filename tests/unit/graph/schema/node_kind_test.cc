#include "graph/schema/node_kind.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace recoup::graph {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("Every node kind comes back from its name, and an unknown name is told the known ones") {
  for (const NodeKind kind : kAllNodeKinds) CHECK(*ParseNodeKind(NodeKindName(kind)) == kind);
  CHECK_THAT(ParseNodeKind("lone").error().message, ContainsSubstring("loan, party"));
}

}  // namespace
}  // namespace recoup::graph
