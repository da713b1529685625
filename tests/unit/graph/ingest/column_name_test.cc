#include "graph/ingest/column_name.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph {
namespace {

TEST_CASE("Names that differ in the case of ASCII letters fold to the same") {
  CHECK(FoldedName("AMOUNT_Zz[@") == "amount_zz[@");
  CHECK(FoldedName("amount") == FoldedName("aMount"));
  CHECK(FoldedName("").empty());
}

TEST_CASE("Letters beyond ASCII stay as they are, as in SQL") {
  CHECK(FoldedName("\xc3\x84") == "\xc3\x84");
}

}  // namespace
}  // namespace recoup::graph
