#include "model/peers/peer_index.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace recoup::model {
namespace {

using Catch::Matchers::WithinAbs;

constexpr std::uint32_t kLoans = 250;  // of a random world
constexpr std::uint32_t kRelations = 5;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

LoanTie To(const std::string& relation, std::uint64_t party, bool speaks = true) {
  return {relation, graph::NodeId(2, party), {}, speaks};
}

// A book whose ties are kept beside it, so that the oracle needs none of its numbers.
struct World {
  LoanBook book;
  std::vector<std::vector<LoanTie>> ties;
  std::vector<float> expected;
  std::vector<char> silent;

  void Add(std::int32_t known_at, double recovery_rate, float expectation,
           std::vector<LoanTie> of_loan) {
    if (ties.empty()) book.member_ends.push_back(0);
    const auto members = book.catalog.Intern(of_loan);
    book.members.insert(book.members.end(), members.begin(), members.end());
    book.member_ends.push_back(static_cast<std::uint32_t>(book.members.size()));
    book.examples.push_back(
        {graph::NodeId(1, ties.size()), Date(known_at - 100), Date(known_at), recovery_rate});
    ties.push_back(std::move(of_loan));
    expected.push_back(expectation);
    silent.push_back(0);
  }
  PeerIndex Index() const { return PeerIndex(book, expected, silent); }
  PeerQuestion Ask(std::uint32_t loan, Date day) const { return {book.MembersOf(loan), day, loan}; }
  Date KnownAt(std::size_t loan) const { return book.examples[loan].outcome_known_at; }
  double RateOf(std::size_t loan) const { return book.examples[loan].recovery_rate; }
  double ResidualOf(std::size_t loan) const {
    return RateOf(loan) - static_cast<double>(expected[loan]);
  }
  bool IsTied(std::size_t loan, const std::string& relation) const {
    return std::any_of(ties[loan].begin(), ties[loan].end(),
                       [&](const LoanTie& tie) { return tie.relation == relation; });
  }
  const std::string& Relation(std::uint32_t number) const {
    return book.catalog.relations()[number];
  }
};

// Lenders, guarantors (none to three, sometimes the lender of others), their owners, who are heard
// but not spoken for, and words. Several outcomes fall on one day.
World RandomWorld(unsigned seed) {
  World world;
  std::mt19937 random(seed);
  std::int32_t day = 0;
  for (std::uint32_t i = 0; i < kLoans; ++i) {
    day += static_cast<std::int32_t>(random() % 4 == 0 ? random() % 60 : 0);
    std::vector<LoanTie> ties = {To("lender", random() % 6)};
    for (auto guarantors = random() % 4; guarantors > 0; --guarantors) {
      const auto guarantor = random() % 12;
      ties.push_back(To("guarantor", guarantor));
      ties.push_back(To("owner", (guarantor * 7 + 1) % 12, false));
    }
    if (random() % 3 != 0) ties.push_back({"group.x", {}, std::to_string(random() % 3), true});
    if (random() % 3 != 0) ties.push_back({"group.y", {}, std::to_string(random() % 3), true});
    const auto rate = static_cast<double>(random() % 101) / 100.0;
    const float expectation =
        random() % 5 == 0 ? kNaN : static_cast<float>(random() % 101) / 100.0F;
    world.Add(day, rate, expectation, std::move(ties));
    world.silent.back() = random() % 6 == 0 ? 1 : 0;
  }
  return world;
}

std::string GroupOf(const LoanTie& tie) {
  return tie.entity == graph::NodeId() ? tie.relation + '=' + tie.word
                                       : '#' + std::to_string(tie.entity.value());
}

// The peers of a question by their definition; once for each group of the relation that leads
// there.
std::vector<std::uint32_t> NaivePeers(const World& world, std::uint32_t asks, Date day,
                                      const std::string& relation) {
  std::set<std::string> groups;
  for (const LoanTie& tie : world.ties[asks]) {
    if (tie.relation == relation) groups.insert(GroupOf(tie));
  }
  std::vector<std::uint32_t> peers;
  for (const std::string& group : groups) {
    for (std::uint32_t peer = 0; peer < world.ties.size(); ++peer) {
      if (peer == asks || world.silent[peer] != 0 || world.KnownAt(peer) >= day) continue;
      bool speaks = false;
      for (const LoanTie& tie : world.ties[peer]) speaks |= tie.speaks && GroupOf(tie) == group;
      if (speaks) peers.push_back(peer);
    }
  }
  return peers;
}

double NaiveSurprise(const World& world, std::uint32_t loan) {
  double sum = 0.0;
  double count = 0.0;
  for (std::uint32_t other = 0; world.KnownAt(other) < world.KnownAt(loan); ++other) {
    if (world.silent[other] != 0) continue;
    sum += world.RateOf(other);
    count += 1.0;
  }
  return count == 0.0 ? 0.0 : world.RateOf(loan) - sum / count;
}

// The seven columns of a relation: five of outcomes, two of residuals.
std::vector<double> NaiveColumns(const World& world, const std::vector<double>& surprises,
                                 const std::vector<std::uint32_t>& peers, Date day) {
  const auto years_of = [&](std::uint32_t peer) {
    return (day.days() - world.KnownAt(peer).days()) / 365.25;
  };
  const auto shrunken_mean = [&](bool decays, auto value_of) {
    double sum = 0.0;
    double weights = 5.0;
    for (const std::uint32_t peer : peers) {
      const double value = value_of(peer);
      const double weight = std::isnan(value) ? 0.0 : decays ? std::pow(0.5, years_of(peer)) : 1.0;
      weights += weight;
      if (weight > 0.0) sum += weight * value;
    }
    return sum / weights;
  };
  const auto surprise = [&](std::uint32_t peer) { return surprises[peer]; };
  const auto square = [&](std::uint32_t peer) { return surprises[peer] * surprises[peer]; };
  const auto residual = [&](std::uint32_t peer) { return world.ResidualOf(peer); };
  double newest = std::nan("");
  for (const std::uint32_t peer : peers) newest = std::fmin(newest, years_of(peer));
  const double mean = shrunken_mean(false, surprise);
  return {mean,
          shrunken_mean(true, surprise),
          std::sqrt(shrunken_mean(false, square) - mean * mean),
          std::log(1.0 + static_cast<double>(peers.size())),
          newest,
          shrunken_mean(false, residual),
          shrunken_mean(true, residual)};
}

std::vector<float> Columns(const PeerIndex& index, const PeerQuestion& question,
                           std::uint32_t relation) {
  std::vector<float> columns(7, -9.0F);
  index.Aggregate(question, {&relation, 1}, columns.data(), columns.data() + 5);
  return columns;
}

void RequireSame(const std::vector<float>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    INFO("column " << i << ": " << found[i] << " for " << expected[i]);
    const bool both_missing = std::isnan(found[i]) && std::isnan(expected[i]);
    REQUIRE((both_missing || std::abs(static_cast<double>(found[i]) - expected[i]) < 2e-6));
  }
}

TEST_CASE("The columns of two peers are those worked by hand") {
  World world;
  world.Add(0, 0.5, 0.25F, {To("lender", 1)});    // nothing known before: no surprise; residual 1/4
  world.Add(1461, 0.9, kNaN, {To("lender", 1)});  // 0.4 above the mean before; no residual
  world.Add(9999, 0.1, 0.25F, {To("lender", 1)});  // asks on day 2922, 8 and 4 years later
  const PeerIndex index = world.Index();
  RequireSame(Columns(index, world.Ask(2, Date(2922)), 0),
              {0.4 / 7.0, 0.4 / 16.0 / (17.0 / 256.0 + 5.0), std::sqrt(0.16 / 7.0 - 0.16 / 49.0),
               std::log(3.0), 4.0, 0.25 / 6.0, 0.25 / 256.0 / (1.0 / 256.0 + 5.0)});
  CHECK(index.ResidualOf(0) == 0.25F);
  CHECK(std::isnan(index.ResidualOf(1)));
}

TEST_CASE("Aggregates and history are those of the peers by definition, on any day") {
  const World world = RandomWorld(1);
  const PeerIndex index = world.Index();
  std::vector<double> surprises;
  for (std::uint32_t i = 0; i < kLoans; ++i) surprises.push_back(NaiveSurprise(world, i));
  std::size_t with_peers = 0;
  for (std::uint32_t loan = 0; loan < kLoans; ++loan) {
    // Before its own outcome, on that day, and after it, when the book holds the loan itself.
    for (const int after : {-300, -20, 0, 1, 150}) {
      const PeerQuestion question = world.Ask(loan, world.KnownAt(loan).PlusDays(after));
      for (std::uint32_t relation = 0; relation < kRelations; ++relation) {
        INFO("loan " << loan << ", " << after << " days after, " << world.Relation(relation));
        const auto peers = NaivePeers(world, loan, question.as_of, world.Relation(relation));
        REQUIRE(index.HasHistory(question, {&relation, 1}) == !peers.empty());
        with_peers += peers.empty() ? 0 : 1;
        RequireSame(Columns(index, question, relation),
                    world.IsTied(loan, world.Relation(relation))
                        ? NaiveColumns(world, surprises, peers, question.as_of)
                        : std::vector<double>(7, std::nan("")));
      }
    }
  }
  CHECK(with_peers > 2000);
}

TEST_CASE("Slots hold peers with a residual, each once and never the loan itself") {
  const World world = RandomWorld(9);
  const PeerIndex index = world.Index();
  std::size_t filled = 0;
  for (std::uint32_t question_at = 0; question_at < kLoans * kRelations; ++question_at) {
    const std::uint32_t loan = question_at / kRelations;
    const std::uint32_t relation = question_at % kRelations;
    const Date day = world.KnownAt(loan).PlusDays(loan % 2 == 0 ? -9 : 90);
    PeerSlots slots{1, 10, {}, {}, {}};
    index.Sample(world.Ask(loan, day), {&relation, 1}, &slots);
    REQUIRE(slots.peers.size() == 10);
    const auto peers = NaivePeers(world, loan, day, world.Relation(relation));
    std::set<std::int32_t> seen;
    for (std::size_t slot = 0; slot < 10; ++slot) {
      const std::int32_t peer = slots.peers[slot];
      const bool is_empty = peer == -1;
      const auto at = static_cast<std::uint32_t>(peer);
      REQUIRE((is_empty || std::find(peers.begin(), peers.end(), at) != peers.end()));
      REQUIRE((is_empty || seen.insert(peer).second));
      const double residual = is_empty ? 0.0 : world.ResidualOf(at);
      const double years = is_empty ? 0.0 : (day.days() - world.KnownAt(at).days()) / 365.25;
      REQUIRE_THAT(static_cast<double>(slots.residuals[slot]), WithinAbs(residual, 1e-6));
      REQUIRE_THAT(static_cast<double>(slots.years[slot]), WithinAbs(years, 1e-5));
    }
    filled += seen.size();
    REQUIRE(seen.empty() == std::all_of(peers.begin(), peers.end(), [&](std::uint32_t peer) {
              return std::isnan(world.ResidualOf(peer));
            }));
  }
  CHECK(filled > 1000);
}

// Loan i hangs on lender i % lenders; its outcome is known on day i; the last loan asks.
World Queue(std::uint32_t loans, std::uint32_t lenders) {
  World world;
  for (std::uint32_t i = 0; i + 1 < loans; ++i) {
    world.Add(static_cast<std::int32_t>(i), 0.5, 0.25F, {To("lender", i % lenders)});
  }
  std::vector<LoanTie> all;
  for (std::uint32_t lender = 0; lender < lenders; ++lender) all.push_back(To("lender", lender));
  world.Add(static_cast<std::int32_t>(loans), 0.5, 0.25F, all);
  return world;
}

std::vector<std::int32_t> Sampled(const World& world, std::size_t slots) {
  const auto last = static_cast<std::uint32_t>(world.ties.size() - 1);
  const std::uint32_t relation = 0;
  PeerSlots sampled{1, slots, {}, {}, {}};
  world.Index().Sample(world.Ask(last, world.KnownAt(last)), {&relation, 1}, &sampled);
  return sampled.peers;
}

TEST_CASE("Half of the slots are the newest peers, the others are spread over the newest 512") {
  // Ages 0 to 3, then from 4 on in steps of (512 - 4) / 4 = 127. The newest peer is loan 999.
  CHECK(Sampled(Queue(1001, 1), 8) ==
        std::vector<std::int32_t>{999, 998, 997, 996, 995, 868, 741, 614});
  CHECK(Sampled(Queue(6, 1), 8) == std::vector<std::int32_t>{4, 3, 2, 1, 0, -1, -1, -1});
}

TEST_CASE("Several entities of one relation share the slots") {
  // Two newest of each, then steps of (512 - 2) / 2 = 255 in its queue of every second loan.
  CHECK(Sampled(Queue(2001, 2), 8) ==
        std::vector<std::int32_t>{1998, 1996, 1994, 1484, 1999, 1997, 1995, 1485});
}

TEST_CASE("The nearest loans give means of the first 16 and of all, NaN with fewer") {
  World world;  // 16 loans of 1, then loans of 0; of every second 1/4 was expected
  for (int i = 0; i < 64; ++i) world.Add(i, i < 16 ? 1.0 : 0.0, i % 2 == 0 ? kNaN : 0.25F, {});
  const PeerIndex index = world.Index();
  std::vector<std::uint32_t> nearest(64);
  std::iota(nearest.begin(), nearest.end(), 0U);
  const auto means_of = [&](std::size_t count) {
    const auto means = NearestMeans(index, std::span(nearest).first(count));
    return std::vector<float>(means.begin(), means.end());
  };
  RequireSame(means_of(15), std::vector<double>(4, std::nan("")));
  RequireSame(means_of(16), {1.0, 1.0, 0.75, 0.75});
  RequireSame(means_of(64), {1.0, 0.25, 0.75, 0.0});  // (8 * 0.75 - 24 * 0.25) / 32
  world.expected.assign(64, kNaN);
  const auto unexpected = NearestMeans(world.Index(), nearest);
  RequireSame({unexpected.begin(), unexpected.end()}, {1.0, 0.25, std::nan(""), std::nan("")});
}

TEST_CASE("Columns are named by their relation") {
  CHECK(OutcomeColumnNames("group.x").size() == kOutcomeColumnsPerRelation);
  CHECK(OutcomeColumnNames("group.x").front() == "group.x.outcome_mean");
  CHECK(ResidualColumnNames("group.x") ==
        std::vector<std::string>{"group.x.residual_mean", "group.x.residual_mean_one_year"});
}

}  // namespace
}  // namespace recoup::model
