#include "graph/schema/edge_kind.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace recoup::graph {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("Every edge kind comes back from its name, and an unknown name is told the known ones") {
  for (const EdgeKind kind : kAllEdgeKinds) CHECK(*ParseEdgeKind(EdgeKindName(kind)) == kind);
  CHECK_THAT(ParseEdgeKind("borrow").error().message, ContainsSubstring("borrows, co_borrows"));
}

TEST_CASE("Edges join the kinds that the vocabulary says and no others") {
  CHECK(CheckEndpoints(EdgeKind::kBorrows, NodeKind::kParty, NodeKind::kLoan).has_value());
  CHECK(CheckEndpoints(EdgeKind::kGuarantees, NodeKind::kParty, NodeKind::kParty).has_value());
  CHECK(CheckEndpoints(EdgeKind::kLocatedIn, NodeKind::kRegion, NodeKind::kRegion).has_value());
  const auto turned = CheckEndpoints(EdgeKind::kBorrows, NodeKind::kLoan, NodeKind::kParty);
  REQUIRE_FALSE(turned.has_value());
  CHECK(turned.error().code == ErrorCode::kInvalidArgument);
  CHECK_THAT(turned.error().message, ContainsSubstring("from party to loan"));
  CHECK_FALSE(CheckEndpoints(static_cast<EdgeKind>(0), NodeKind::kParty, NodeKind::kLoan));
  CHECK_FALSE(CheckEndpoints(static_cast<EdgeKind>(99), NodeKind::kParty, NodeKind::kLoan));
}

}  // namespace
}  // namespace recoup::graph
