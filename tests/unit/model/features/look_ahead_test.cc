// What a model sees as of a day does not depend on what was learnt later, nor on the valued loan's
// own outcome.
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/features/encoder.h"
#include "tests/unit/graph/sampling/graph_builder.h"
#include "tests/unit/graph/sampling/random_facts.h"

namespace recoup::model {
namespace {

using graph::GraphBuilder;
using graph::NodeId;
using graph::NodeKind;
using graph::RandomFacts;

constexpr int kDay = 700;

FeatureSchema Schema() {
  std::vector<KindFeatures> kinds;
  for (const NodeKind kind : {NodeKind::kLoan, NodeKind::kParty, NodeKind::kCollateral}) {
    kinds.push_back({kind,
                     {{"fee", graph::AttributeType::kMoney, {0.0, 500.0, 1000.0}, "EUR"},
                      {"noticed", graph::AttributeType::kDate, {0.0, 300.0, 900.0}, ""},
                      {"score", graph::AttributeType::kNumber, {0.0, 50.0, 150.0}, ""}},
                     {{"colour", {"amber", "blue", "cyan"}}}});
  }
  return FeatureSchema(std::move(kinds), 0.45);
}

std::vector<NodeId> LoansOn(const GraphBuilder& graph, int day) {
  return graph.View(day)->Nodes(NodeKind::kLoan).value();
}

std::vector<EncodedNeighbourhood> EncodeAll(const GraphBuilder& graph,
                                            const std::vector<NodeId>& loans,
                                            std::optional<NodeId> own = std::nullopt) {
  const auto view = graph.View(kDay);
  const Encoder encoder(Schema(), view->Attributes());
  std::vector<EncodedNeighbourhood> encoded;
  for (const NodeId loan : loans) {
    const auto around = graph::SampleNeighbourhood(*view, loan, {6, 4}).value();
    encoded.push_back(encoder.Encode(*view, around, own).value());
  }
  return encoded;
}

void AddRandom(GraphBuilder* graph, RandomFacts* random, int count, int first, int last) {
  for (int i = 0; i < count; ++i) graph->Add(random->Draw(first, last));
  graph->Apply();
}

TEST_CASE("Facts learnt from the next day on change no encoding") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    RandomFacts random(seed);
    GraphBuilder graph;
    AddRandom(&graph, &random, 1000, 100, kDay);
    const std::vector<NodeId> loans = LoansOn(graph, kDay);
    const std::vector<EncodedNeighbourhood> before = EncodeAll(graph, loans);
    AddRandom(&graph, &random, 1000, kDay + 1, kDay + 200);
    CHECK(LoansOn(graph, kDay) == loans);
    CHECK(EncodeAll(graph, loans) == before);
  }
}

TEST_CASE("Facts learnt by the day do change encodings, so that the test above can fail") {
  RandomFacts random(1);
  GraphBuilder graph;
  AddRandom(&graph, &random, 1000, 100, kDay);
  const std::vector<NodeId> loans = {LoansOn(graph, kDay).front()};
  const std::vector<EncodedNeighbourhood> before = EncodeAll(graph, loans);
  graph.Node(NodeKind::kLoan, graph.View(kDay)->Node(loans[0]).value().key.external_id, kDay,
             {{"score", 77.0}});
  graph.Apply();
  CHECK(EncodeAll(graph, loans) != before);
}

TEST_CASE("An outcome learnt on the day itself changes no encoding") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    RandomFacts random(seed);
    GraphBuilder graph;
    for (int i = 0; i < 1000; ++i) {
      graph::Fact fact = random.Draw(100, kDay);
      if (std::holds_alternative<graph::OutcomeFact>(fact)) continue;
      graph.Add(std::move(fact));
    }
    graph.Apply();
    const std::vector<NodeId> loans = LoansOn(graph, kDay);
    const std::vector<EncodedNeighbourhood> before = EncodeAll(graph, loans);
    for (const NodeId loan : loans) {
      graph.Outcome(graph.View(kDay)->Node(loan).value().key.external_id, 0.7, 600, kDay);
    }
    graph.Apply();
    CHECK(EncodeAll(graph, loans) == before);
  }
}

TEST_CASE("A loan's own outcome changes nothing in its own encoding") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    RandomFacts random(seed);
    GraphBuilder graph;
    AddRandom(&graph, &random, 1200, 100, kDay);
    std::size_t told_to_others = 0;
    const std::vector<NodeId> loans = LoansOn(graph, kDay);
    for (const NodeId loan : loans) {
      const auto before = EncodeAll(graph, {loan});
      const auto all_before = EncodeAll(graph, LoansOn(graph, kDay));
      const std::string id = graph.View(kDay)->Node(loan).value().key.external_id;
      graph.Outcome(id, static_cast<double>(random.Below(101)) / 100.0, 500, kDay - 1);
      graph.Apply();
      CHECK(EncodeAll(graph, {loan}) == before);
      if (EncodeAll(graph, LoansOn(graph, kDay)) != all_before) ++told_to_others;
    }
    CHECK(told_to_others > 0);
  }
}

TEST_CASE("Among another loan's surroundings the own outcome changes nothing either") {
  RandomFacts random(11);
  GraphBuilder graph;
  AddRandom(&graph, &random, 1200, 100, kDay);
  const std::vector<NodeId> loans = LoansOn(graph, kDay);
  const NodeId own = loans[loans.size() / 2];
  const std::string id = graph.View(kDay)->Node(own).value().key.external_id;
  graph.Outcome(id, 0.0, 500, kDay - 1);
  graph.Apply();
  const auto before = EncodeAll(graph, loans, own);
  graph.Outcome(id, 1.0, 500, kDay - 1);  // same day: the same loans are sampled
  graph.Apply();
  CHECK(EncodeAll(graph, loans, own) == before);
  CHECK(EncodeAll(graph, loans) != EncodeAll(graph, loans, own));
}

}  // namespace
}  // namespace recoup::model
