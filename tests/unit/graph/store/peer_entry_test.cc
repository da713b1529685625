#include "graph/store/peer_entry.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace recoup::graph {
namespace {

const NodeId kLoan(1, 7);

PairEntry Upsert(int day, std::uint64_t fact) { return {{Date(day), fact}, false}; }
PairEntry Removal(int day, std::uint64_t fact) { return {{Date(day), fact}, true}; }

OutcomeEntry Recovered(double rate, int day, std::uint64_t fact) {
  return {kLoan, {Date(day), fact}, Date(day), rate, Date(day)};
}

std::vector<PeerEntry> Make(const std::vector<PairEntry>& edge,
                            const std::vector<OutcomeEntry>& outcomes) {
  return MakePeerEntries(kLoan, edge, outcomes);
}

TEST_CASE("One edge and one outcome make one plain entry") {
  CHECK(Make({Upsert(3, 10)}, {Recovered(0.5, 5, 20)}) ==
        std::vector<PeerEntry>{{Date(5), Date(3), kLoan, 20, 0.5F, false}});
  CHECK(Make({Upsert(3, 30)}, {Recovered(0.5, 5, 20)}).at(0).sequence == 30);
}

TEST_CASE("An edge that is stated again stays plain, from its first day on") {
  CHECK(Make({Upsert(3, 10), Upsert(9, 30)}, {Recovered(0.5, 5, 20)}) ==
        std::vector<PeerEntry>{{Date(5), Date(3), kLoan, 20, 0.5F, false}});
}

TEST_CASE("A removed or back-dated edge is contested") {
  CHECK(Make({Upsert(3, 10), Removal(4, 11)}, {Recovered(0.5, 5, 20)}).at(0).contested);
  CHECK(Make({Upsert(2, 12), Upsert(3, 10)}, {Recovered(0.5, 5, 20)}).at(0).contested);
}

TEST_CASE("Of several outcomes all but the newest are contested, one a day") {
  const auto peers = Make({Upsert(3, 10)}, {Recovered(0.1, 5, 20), Recovered(0.2, 6, 21)});
  REQUIRE(peers.size() == 2);
  CHECK(peers[0].contested);
  CHECK_FALSE(peers[1].contested);
  const auto same_day = Make({Upsert(3, 10)}, {Recovered(0.1, 5, 20), Recovered(0.2, 5, 21)});
  REQUIRE(same_day.size() == 1);
  CHECK(same_day[0].contested);
  CHECK(same_day[0].recovery_rate == 0.2F);
}

TEST_CASE("An edge that was only ever removed joins nothing") {
  CHECK(Make({Removal(3, 10)}, {Recovered(0.5, 5, 20)}).empty());
  CHECK(Make({Upsert(3, 10)}, {}).empty());
}

}  // namespace
}  // namespace recoup::graph
