#include "model/features/encoder.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/unit/graph/sampling/graph_builder.h"
#include "tests/unit/graph/sampling/random_facts.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using graph::AttributeType;
using graph::Category;
using graph::EdgeKind;
using graph::GraphBuilder;
using graph::NodeId;
using graph::NodeKey;
using graph::NodeKind;
using graph::RandomFacts;

constexpr double kPrior = 0.4;
const NodeKey kValued{NodeKind::kLoan, "valued"};
const NodeKey kPeer{NodeKind::kLoan, "peer"};
const NodeKey kBorrower{NodeKind::kParty, "borrower"};

Money Amount(std::int64_t minor_units, const char* currency) {
  return Money(minor_units, Currency::Parse(currency).value());
}

FeatureSchema Schema() {
  KindFeatures loan{NodeKind::kLoan,
                    {{"balance", AttributeType::kMoney, {0.0, 100.0, 200.0}, "EUR"},
                     {"default_date", AttributeType::kDate, {0.0, 100.0}, ""},
                     {"interest_rate", AttributeType::kNumber, {0.0, 0.1}, ""}},
                    {{"asset_class", {"secured", "unsecured"}}}};
  KindFeatures party{NodeKind::kParty, {{"employees", AttributeType::kNumber, {0.0, 8.0}, ""}}, {}};
  return FeatureSchema({loan, party}, kPrior);
}

EncodedNeighbourhood Encode(const GraphBuilder& graph, int day, const std::string& loan = "valued",
                            const FeatureSchema& schema = Schema()) {
  const auto view = graph.View(day);
  const Encoder encoder(schema, view->Attributes());
  const auto around = graph::SampleNeighbourhood(*view, graph.Loan(loan), {}).value();
  return encoder.Encode(*view, around).value();
}

std::vector<float> Row(const KindRows& rows, std::size_t row) {
  const std::size_t width = rows.numeric.size() / rows.rows;
  return {rows.numeric.begin() + static_cast<std::ptrdiff_t>(row * width),
          rows.numeric.begin() + static_cast<std::ptrdiff_t>((row + 1) * width)};
}

TEST_CASE("A loan's numbers stand on the schema's scale, with a mark where one is missing") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "valued", 10,
             {{"balance", Amount(15000, "EUR")},  // 150.00: a step and a half of two -> 0.5
              {"default_date", Date(975)},        // 25 days before 1000: a quarter -> -0.5
              {"asset_class", Category{"unsecured"}}});
  graph.Apply();
  const KindRows loan = Encode(graph, 1000).Of(NodeKind::kLoan);
  CHECK(loan.rows == 1);
  CHECK(loan.inner_rows == 1);
  CHECK(loan.numeric == std::vector<float>{0.5F, 0.0F, -0.5F, 0.0F, 0.0F, 1.0F, 0.0F, 0.0F, 0.0F});
  CHECK(loan.categories == std::vector<std::int32_t>{3});
}

TEST_CASE("An amount in another currency counts as missing") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "valued", 10, {{"balance", Amount(150, "JPY")}});
  graph.Apply();
  const KindRows loan = Encode(graph, 1000).Of(NodeKind::kLoan);
  CHECK(loan.numeric[0] == 0.0F);
  CHECK(loan.numeric[1] == 1.0F);
}

TEST_CASE("A category tells missing, unseen and known words apart") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "without", 10);
  graph.Node(NodeKind::kLoan, "novel", 10, {{"asset_class", Category{"tertiary"}}});
  graph.Node(NodeKind::kLoan, "first", 10, {{"asset_class", Category{"secured"}}});
  graph.Apply();
  const auto category = [&](const char* loan) {
    return Encode(graph, 20, loan).Of(NodeKind::kLoan).categories;
  };
  CHECK(category("without") == std::vector<std::int32_t>{0});
  CHECK(category("novel") == std::vector<std::int32_t>{1});
  CHECK(category("first") == std::vector<std::int32_t>{2});
}

TEST_CASE("A schema attribute of another type, or unknown to the store, counts as missing") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "valued", 10, {{"balance", Amount(100, "EUR")}});
  graph.Apply();
  KindFeatures loan{NodeKind::kLoan,
                    {{"balance", AttributeType::kNumber, {0.0, 1.0}, ""},
                     {"nowhere", AttributeType::kNumber, {0.0, 1.0}, ""}},
                    {{"default_date", {"monday"}}}};
  const EncodedNeighbourhood encoded = Encode(graph, 20, "valued", FeatureSchema({loan}, kPrior));
  const KindRows& rows = encoded.Of(NodeKind::kLoan);
  CHECK(rows.numeric == std::vector<float>{0.0F, 1.0F, 0.0F, 1.0F, 0.0F, 0.0F, 0.0F});
  CHECK(rows.categories == std::vector<std::int32_t>{0});
}

// The borrower of the valued loan owes three more: one resolved 365 days before day 1000 at 0.2,
// one on day 1000 itself, one never.
GraphBuilder BorrowerWithPeers() {
  GraphBuilder graph;
  graph.Node(NodeKind::kParty, "borrower", 10, {{"employees", 2.0}});
  for (const char* loan : {"valued", "peer", "today", "open"}) {
    graph.Edge(EdgeKind::kBorrows, kBorrower, {NodeKind::kLoan, loan}, 10);
  }
  graph.Outcome("peer", 0.2, 300, 635);
  graph.Outcome("today", 0.9, 300, 1000);
  graph.Outcome("valued", 1.0, 300, 400);
  graph.Apply();
  return graph;
}

TEST_CASE("An entity's outcome columns pool the other loans resolved before the day") {
  const GraphBuilder graph = BorrowerWithPeers();
  const KindRows party = Encode(graph, 1000).Of(NodeKind::kParty);
  REQUIRE(party.rows == 1);
  CHECK(party.inner_rows == 1);
  const std::vector<float> row = Row(party, 0);
  REQUIRE(row.size() == 6);
  CHECK(row[0] == -0.5F);                                // 2 of 0 to 8 employees
  CHECK(row[2] == Approx(std::log(2.0) / 8.0));          // one peer
  CHECK(row[3] == Approx((0.2 + 5 * 0.4) / 6.0 - 0.5));  // -0.13333
  const double weight = std::exp2(-365.0 / 365.25);      // 0.50024
  CHECK(row[4] == Approx((weight * 0.2 + 5 * 0.4) / (weight + 5.0) - 0.5));
  CHECK(row[5] == Approx(365.0 / 365.25 / 10.0));
}

TEST_CASE("An entity without peers stands at the prior") {
  GraphBuilder graph;
  graph.Edge(EdgeKind::kBorrows, kBorrower, kValued, 10);
  graph.Apply();
  const std::vector<float> row = Row(Encode(graph, 1000).Of(NodeKind::kParty), 0);
  CHECK(row == std::vector<float>{0.0F, 1.0F, 0.0F, static_cast<float>(kPrior - 0.5),
                                  static_cast<float>(kPrior - 0.5), 0.0F});
}

TEST_CASE("A peer that hangs on an entity by two relations counts once") {
  GraphBuilder graph;
  graph.Edge(EdgeKind::kBorrows, kBorrower, kValued, 10);
  graph.Edge(EdgeKind::kBorrows, kBorrower, kPeer, 10);
  graph.Edge(EdgeKind::kPays, kBorrower, kPeer, 10);
  graph.Outcome("peer", 0.2, 300, 635);
  graph.Apply();
  CHECK(Row(Encode(graph, 1000).Of(NodeKind::kParty), 0)[2] == Approx(std::log(2.0) / 8.0));
}

TEST_CASE("A peer shows its outcome; the valued loan, though resolved, shows none") {
  const GraphBuilder graph = BorrowerWithPeers();
  const KindRows loans = Encode(graph, 1000).Of(NodeKind::kLoan);
  REQUIRE(loans.rows == 2);
  CHECK(loans.inner_rows == 1);
  const std::vector<float> own = Row(loans, 0);
  const std::vector<float> peer = Row(loans, 1);
  CHECK(std::vector(own.end() - 3, own.end()) == std::vector<float>{0.0F, 0.0F, 0.0F});
  CHECK(peer[6] == 1.0F);
  CHECK(peer[7] == Approx(-0.3));
  CHECK(peer[8] == Approx(365.0 / 365.25 / 10.0));
}

TEST_CASE("A peer's outcome that is revised on the day itself is hidden, not shown early") {
  GraphBuilder graph = BorrowerWithPeers();
  graph.Outcome("peer", 0.7, 300, 1000);
  graph.Apply();
  const KindRows loans = Encode(graph, 1000).Of(NodeKind::kLoan);
  REQUIRE(loans.rows == 2);
  CHECK(Row(loans, 1)[6] == 0.0F);
  CHECK(Row(loans, 1)[7] == 0.0F);
  // A day later both outcomes of day 1000 show; of equal days the later loan comes first.
  const KindRows next_day = Encode(graph, 1001).Of(NodeKind::kLoan);
  CHECK(Row(next_day, 1)[7] == Approx(0.9 - 0.5));
  CHECK(Row(next_day, 2)[7] == Approx(0.7 - 0.5));
}

TEST_CASE("Edges are grouped by hop and relation, with rows of their kinds") {
  const EncodedNeighbourhood encoded = Encode(BorrowerWithPeers(), 1000);
  REQUIRE(encoded.relations.size() == 2);
  const RelationRows in{{EdgeKind::kBorrows, graph::Direction::kIn},
                        NodeKind::kLoan,
                        NodeKind::kParty,
                        1,
                        {0},
                        {0},
                        {1.0F}};
  const RelationRows out{{EdgeKind::kBorrows, graph::Direction::kOut},
                         NodeKind::kParty,
                         NodeKind::kLoan,
                         2,
                         {0},
                         {1},
                         {1.0F}};
  CHECK(encoded.relations[0] == in);
  CHECK(encoded.relations[1] == out);
}

TEST_CASE("With another's surroundings the own row stays, and both outcomes stay hidden") {
  GraphBuilder graph = BorrowerWithPeers();
  graph.Node(NodeKind::kLoan, "stranger", 10, {{"interest_rate", 0.1}});
  graph.Apply();
  const auto view = graph.View(1000);
  const Encoder encoder(Schema(), view->Attributes());
  const auto around = graph::SampleNeighbourhood(*view, graph.Loan("valued"), {}).value();
  const auto encoded = encoder.Encode(*view, around, graph.Loan("stranger")).value();
  CHECK(Row(encoded.Of(NodeKind::kLoan), 0)[4] == 1.0F);
  CHECK(Row(encoded.Of(NodeKind::kParty), 0)[2] == Approx(std::log(2.0) / 8.0));
  // The own loan among the peers: neither its row nor the borrower's mean shows what came of it.
  const auto own_peer = encoder.Encode(*view, around, graph.Loan("peer")).value();
  CHECK(Row(own_peer.Of(NodeKind::kLoan), 1)[6] == 0.0F);
  CHECK(Row(own_peer.Of(NodeKind::kParty), 0)[2] == 0.0F);
}

TEST_CASE("A loan that is not known by the day is not found") {
  GraphBuilder graph;
  graph.Node(NodeKind::kLoan, "valued", 10);
  graph.Apply();
  const auto view = graph.View(9);
  const Encoder encoder(Schema(), view->Attributes());
  const auto encoded = encoder.Encode(*view, {{graph.Loan("valued")}, {1, 1, 1}, {}});
  REQUIRE_FALSE(encoded.has_value());
  CHECK(encoded.error().code == ErrorCode::kNotFound);
}

// What follows: an encoding does not depend on what was learnt after its day, nor on the valued
// loan's own outcome.

constexpr int kDay = 700;

FeatureSchema RandomSchema() {
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
  const Encoder encoder(RandomSchema(), view->Attributes());
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
