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

TEST_CASE("A text becomes one column a bucket, between the numbers and the categories") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "a", 10,
             {{"asset_class", Category{"red"}}, {"purpose", std::string("shop")}});
  graph.Node(NodeKind::kLoan, "b", 10);
  graph.Apply();
  const KindFeatures loan{NodeKind::kLoan,
                          {{"score", graph::AttributeType::kNumber, {0.0, 10.0}, ""}},
                          {{"asset_class", {"red"}}},
                          {{"purpose", 4}}};
  const std::vector<Example> examples = {{graph.Loan("a"), Date(20), Date(30), 0.5},
                                         {graph.Loan("b"), Date(20), Date(30), 0.5}};
  const Table table = OwnFeatureTable(graph.store(), FeatureSchema({loan}, 0.5), examples).value();
  CHECK(table.columns == std::vector<std::string>{"score", "purpose~0", "purpose~1", "purpose~2",
                                                  "purpose~3", "asset_class=(missing)",
                                                  "asset_class=(unseen)", "asset_class=red"});
  REQUIRE(table.rows() == 2);
  std::vector<float> buckets(4);
  WriteTextBuckets("shop", buckets);
  CHECK(std::vector(table.values.begin() + 1, table.values.begin() + 5) == buckets);
  CHECK(table.values[7] == 1.0F);
  CHECK(std::vector(table.values.begin() + 9, table.values.begin() + 14) ==
        std::vector<float>{0, 0, 0, 0, 1});
}

}  // namespace
}  // namespace recoup::model
