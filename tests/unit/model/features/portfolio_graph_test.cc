#include "model/features/portfolio_graph.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/graph/sampling/graph_builder.h"
#include "tests/unit/graph/sampling/random_facts.h"
#include "tests/unit/model/features/portfolio_tree.h"

namespace recoup::model {
namespace {

using graph::AttributeType;
using graph::EdgeKind;
using graph::GraphBuilder;
using graph::NodeId;
using graph::NodeKind;
using graph::SamplingOptions;

const std::vector<SamplingOptions> kLimits = {{15, 10}, {2, 1}, {1, 3}, {3, 0}, {0, 5}};

// What RandomFacts says of loans, parties and collateral.
FeatureSchema RandomSchema() {
  const NumericFeature score{"score", AttributeType::kNumber, {0.0, 40.0, 150.0}, ""};
  const NumericFeature fee{"fee", AttributeType::kMoney, {0.0, 500.0, 900.0}, "EUR"};
  const NumericFeature noticed{"noticed", AttributeType::kDate, {0.0, 400.0, 900.0}, ""};
  const CategoryFeature colour{"colour", {"amber", "blue", "cyan"}};
  return FeatureSchema({{NodeKind::kLoan, {fee, noticed, score}, {colour}},
                        {NodeKind::kParty, {fee, score}, {colour}},
                        {NodeKind::kCollateral, {fee}, {}}},
                       0.4);
}

// A small world in which nearly everything hangs together.
GraphBuilder RandomWorld(std::uint64_t seed) {
  GraphBuilder graph;
  graph::RandomFacts facts(seed);
  for (int i = 0; i < 900; ++i) graph.Add(facts.Draw(100, 900));
  graph.Apply();
  return graph;
}

std::vector<NodeId> OpenLoans(const graph::GraphView& view) {
  std::vector<NodeId> open;
  const std::vector<NodeId> loans = view.Nodes(NodeKind::kLoan).value();
  for (const NodeId loan : loans) {
    if (!view.OutcomeOf(loan).value().has_value()) open.push_back(loan);
  }
  return open;
}

TEST_CASE("Every loan's surroundings are in a portfolio as they are alone") {
  std::size_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const GraphBuilder graph = RandomWorld(seed);
    for (const int day : {250, 400, 700}) {
      const auto view = graph.View(day);
      const Encoder encoder(RandomSchema(), view->Attributes());
      const std::vector<NodeId> loans = OpenLoans(*view);
      for (const SamplingOptions& limits : kLimits) {
        const auto portfolio = CollectPortfolio(*view, encoder, limits, loans, {});
        REQUIRE(portfolio.has_value());
        REQUIRE(portfolio->seeds == loans.size());
        for (std::uint32_t i = 0; i < loans.size(); ++i) {
          const auto around = graph::SampleNeighbourhood(*view, loans[i], limits).value();
          const EncodedNeighbourhood alone = encoder.Encode(*view, around).value();
          INFO("world " << seed << ", day " << day << ", loan " << i);
          REQUIRE((testing::TreeOf(*portfolio, NodeKind::kLoan, i, 1) ==
                   testing::TreeOf(alone, NodeKind::kLoan, 0, 1)));
          compared += around.nodes.size();
        }
      }
    }
  }
  CHECK(compared > 10'000);
}

TEST_CASE("A node has one row, however many loans reach it, and inner rows come first") {
  GraphBuilder graph;
  for (const char* loan : {"a", "b", "c"}) {
    graph.Edge(EdgeKind::kBorrows, {NodeKind::kParty, "shared"}, {NodeKind::kLoan, loan}, 10);
    graph.Edge(EdgeKind::kLocatedIn, {NodeKind::kLoan, loan}, {NodeKind::kRegion, "here"}, 10);
  }
  graph.Edge(EdgeKind::kOwns, {NodeKind::kParty, "owner"}, {NodeKind::kParty, "shared"}, 10,
             {{"share", 0.25}});
  graph.Outcome("c", 0.5, 20, 20);
  graph.Apply();
  const auto view = graph.View(100);
  const Encoder encoder(FeatureSchema({}, 0.5), view->Attributes());
  const std::vector<NodeId> loans = {graph.Loan("b"), graph.Loan("a")};
  const auto portfolio = CollectPortfolio(*view, encoder, {}, loans, {});
  REQUIRE(portfolio.has_value());
  CHECK(portfolio->Of(NodeKind::kLoan).rows == 3);  // b, a, and their resolved peer
  CHECK(portfolio->Of(NodeKind::kLoan).inner_rows == 2);
  CHECK(portfolio->Of(NodeKind::kParty).rows == 2);
  CHECK(portfolio->Of(NodeKind::kParty).inner_rows == 1);
  CHECK(portfolio->Of(NodeKind::kRegion).rows == 1);
  const auto owned = std::find_if(
      portfolio->relations.begin(), portfolio->relations.end(),
      [](const PortfolioEdges& edges) { return edges.relation.kind == EdgeKind::kOwns; });
  REQUIRE(owned != portfolio->relations.end());
  CHECK(owned->offsets == std::vector<std::uint32_t>{0, 1});
  CHECK(owned->children == std::vector<std::uint32_t>{1});
  CHECK(owned->weights == std::vector<float>{0.25F});
}

TEST_CASE("A portfolio is the same from any number of threads") {
  GraphBuilder graph;
  // More loans than a worker takes at a time.
  for (int i = 0; i < 2000; ++i) {
    const std::string number = std::to_string(i);
    graph.Edge(EdgeKind::kBorrows, {NodeKind::kParty, "p" + std::to_string(i * 7 % 900)},
               {NodeKind::kLoan, "l" + number}, 10 + i % 50);
    if (i % 3 == 0) graph.Outcome("l" + number, 0.01 * (i % 100), 60, 60 + i % 40);
  }
  graph.Apply();
  const auto view = graph.View(200);
  const Encoder encoder(FeatureSchema({}, 0.5), view->Attributes());
  const std::vector<NodeId> loans = OpenLoans(*view);
  const auto one = CollectPortfolio(*view, encoder, {}, loans, {.threads = 1});
  REQUIRE(one.has_value());
  for (const int threads : {2, 5}) {
    const auto more = CollectPortfolio(*view, encoder, {}, loans, {.threads = threads});
    REQUIRE(more.has_value());
    CHECK((*more == *one));
  }
}

TEST_CASE("An empty portfolio has no rows") {
  const GraphBuilder graph = RandomWorld(1);
  const auto view = graph.View(500);
  const Encoder encoder(RandomSchema(), view->Attributes());
  const auto portfolio = CollectPortfolio(*view, encoder, {}, {}, {.threads = 2});
  REQUIRE(portfolio.has_value());
  CHECK((*portfolio == PortfolioGraph{}));
}

TEST_CASE("Collecting a portfolio stops when it is told to") {
  const GraphBuilder graph = RandomWorld(1);
  const auto view = graph.View(500);
  const Encoder encoder(RandomSchema(), view->Attributes());
  const std::atomic<bool> stop = true;
  const auto portfolio =
      CollectPortfolio(*view, encoder, {}, OpenLoans(*view), {.threads = 1, .stop = &stop});
  REQUIRE_FALSE(portfolio.has_value());
  CHECK(portfolio.error().code == ErrorCode::kCancelled);
}

}  // namespace
}  // namespace recoup::model
