#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "model/features/tabular.h"
#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

using graph::Category;
using graph::GraphBuilder;
using graph::NodeKind;

TEST_CASE("Own features become columns, categories one-hot, missing numbers NaN") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "a", 10, {{"score", 5.0}, {"asset_class", Category{"red"}}});
  graph.Node(NodeKind::kLoan, "b", 10, {{"asset_class", Category{"mauve"}}});
  graph.Node(NodeKind::kLoan, "c", 10);
  graph.Apply();
  KindFeatures loan{NodeKind::kLoan,
                    {{"score", graph::AttributeType::kNumber, {0.0, 10.0}, ""}},
                    {{"asset_class", {"blue", "red"}}}};
  std::vector<Example> examples;
  for (const char* id : {"c", "b", "a"}) {
    examples.push_back({graph.Loan(id), Date(20), Date(30), 0.5});
  }
  const Table table = OwnFeatureTable(graph.store(), FeatureSchema({loan}, 0.5), examples).value();
  CHECK(table.columns == std::vector<std::string>{"score", "asset_class=(missing)",
                                                  "asset_class=(unseen)", "asset_class=blue",
                                                  "asset_class=red"});
  REQUIRE(table.rows() == 3);
  CHECK(std::isnan(table.values[0]));
  CHECK(std::isnan(table.values[5]));
  CHECK(std::vector(table.values.begin() + 1, table.values.begin() + 5) ==
        std::vector<float>{1, 0, 0, 0});
  CHECK(std::vector(table.values.begin() + 6, table.values.begin() + 10) ==
        std::vector<float>{0, 1, 0, 0});
  CHECK(std::vector(table.values.begin() + 10, table.values.end()) ==
        std::vector<float>{0, 0, 0, 0, 1});
}

}  // namespace
}  // namespace recoup::model
