#include "model/artifact/ensemble.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::model {
namespace {

TEST_CASE("Names stand in the order of the members") {
  CHECK(MemberName(Member::kOwnTrees) == "trees, own features");
  CHECK(MemberName(Member::kRelationalTrees) == "trees, relational");
  CHECK(MemberName(Member::kNearestTrees) == "trees, nearest loans");
  CHECK(MemberName(Member::kResidualRidge) == "base + residual ridge");
  CHECK(MemberName(Member::kCredibility) == "base + credibility network");
}

}  // namespace
}  // namespace recoup::model
