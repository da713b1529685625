#include "model/evaluation/row_names.h"

#include <catch2/catch_test_macros.hpp>

#include "model/evaluation/evaluation_table.h"

namespace recoup::model {
namespace {

TEST_CASE("A name says what was taken away or shuffled") {
  CHECK(AblationOf(row::kNetworkWithoutEdges) == Ablation{"network", "edges", false});
  CHECK(AblationOf(row::kNetworkShuffledEdges) == Ablation{"network", "edges", true});
  CHECK(AblationOf("ensemble without nearest loans") ==
        Ablation{"ensemble", "nearest loans", false});
  CHECK(AblationOf("ensemble shuffled") == Ablation{"ensemble", "edges", true});
  CHECK(AblationOf("shuffled") == Ablation{"", "edges", true});
  CHECK(AblationOf("without edges") == Ablation{"", "edges", false});
}

TEST_CASE("Other names say nothing") {
  for (const char* name :
       {row::kNetwork, row::kBoostedOwn, "", "network without ", "shuffledness"}) {
    CHECK_FALSE(AblationOf(name).has_value());
  }
}

TEST_CASE("The counterpart of shuffled edges is the row without them") {
  CHECK(NameWithout(*AblationOf(row::kNetworkShuffledEdges)) == row::kNetworkWithoutEdges);
  CHECK(NameWithout(*AblationOf("shuffled")) == "without edges");
}

}  // namespace
}  // namespace recoup::model
