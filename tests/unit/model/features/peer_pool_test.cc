#include "model/features/peer_pool.h"

#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using graph::EdgeKind;
using graph::GraphBuilder;
using graph::NodeId;
using graph::NodeKind;
using graph::ResolvedPeer;

TEST_CASE("Peers weigh half as much a year after their outcome") {
  // 731 days are 2.0014 years, more than the table's first years and less than its end.
  const std::array<ResolvedPeer, 2> peers = {ResolvedPeer{NodeId(1), 1.0F, Date(1000)},
                                             ResolvedPeer{NodeId(2), 0.5F, Date(269)}};
  const PeerSums sums = SumPeers(peers, Date(1000));
  CHECK(sums.count == 2.0);
  CHECK(sums.rates == 1.5);
  CHECK(sums.decayed_count == Approx(1.0 + std::exp2(-731.0 / 365.25)));
  CHECK(sums.decayed_rates == Approx(1.0 + 0.5 * std::exp2(-731.0 / 365.25)));
  CHECK(sums.years_since_newest == 0.0);
}

TEST_CASE("A peer of long ago weighs next to nothing, whatever the table's end") {
  const std::array<ResolvedPeer, 1> peers = {ResolvedPeer{NodeId(1), 1.0F, Date(0)}};
  CHECK(SumPeers(peers, Date(20000)).decayed_count == Approx(std::exp2(-20000.0 / 365.25)));
  CHECK(SumPeers(peers, Date(20000)).years_since_newest == Approx(20000.0 / 365.25));
  CHECK(SumPeers({}, Date(0)).count == 0.0);
}

// Loan i is borrowed by p, paid for by p as well if i is even, and resolved on day 100 + i.
GraphBuilder Graph(int loans) {
  GraphBuilder graph;
  for (int i = 0; i < loans; ++i) {
    const std::string id = std::to_string(i);
    graph.Edge(EdgeKind::kBorrows, {NodeKind::kParty, "p"}, {NodeKind::kLoan, id}, 10);
    if (i % 2 == 0) graph.Edge(EdgeKind::kPays, {NodeKind::kParty, "p"}, {NodeKind::kLoan, id}, 10);
    graph.Outcome(id, 0.5, 50, 100 + i);
  }
  graph.Apply();
  return graph;
}

TEST_CASE("The newest 512 are pooled, each once, newest first, without the hidden") {
  const GraphBuilder graph = Graph(600);
  const auto view = graph.View(5000);
  const NodeId party = graph.Id(NodeKind::kParty, "p");
  const std::array<NodeId, 2> hidden = {graph.Loan("599"), graph.Loan("590")};
  PeerPool pool;
  const auto peers = pool.Newest(*view, {&party, 1}, hidden).value();
  REQUIRE(peers.size() == 512);
  CHECK(peers.front().loan == graph.Loan("598"));
  CHECK(peers[8].loan == graph.Loan("589"));
  CHECK(peers.back().loan == graph.Loan("86"));  // 600 - 2 hidden - 512
}

TEST_CASE("A pool forgets the entities of the last question") {
  const GraphBuilder graph = Graph(3);
  const auto view = graph.View(5000);
  const NodeId party = graph.Id(NodeKind::kParty, "p");
  PeerPool pool;
  CHECK(pool.Newest(*view, {&party, 1}, {}).value().size() == 3);
  CHECK(pool.Newest(*view, {}, {}).value().empty());
  CHECK(pool.Newest(*graph.View(102), {&party, 1}, {}).value().size() == 2);
}

}  // namespace
}  // namespace recoup::model
