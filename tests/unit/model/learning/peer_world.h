// A small world of loans that hang on lenders, regions, borrowers, guarantors and vintages, whose
// outcomes a test may change: for the tests of learning, and of serving what was learnt.
#pragma once

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "graph/store/graph_store.h"
#include "model/learning/timeline.h"
#include "model/peers/loan_book.h"

namespace recoup::model::testing {

struct WorldLoan {
  graph::NodeKey key;
  std::string lender;
  Date as_of;
  Date known_at;  // of the outcome
  double recovery_rate = 0.0;
  bool is_resolved = true;
};

/// Loan i is valued `days_apart` days after loan i - 1. Outcomes become known 40 to 235 days later,
/// so in another order, and many on a day on which another loan is valued. A recovery has a part
/// that the loan's `size` explains, one that its lender does, and noise; the fifth lender appears
/// after half of the loans. The same for the same size.
class PeerWorld {
 public:
  explicit PeerWorld(std::size_t count = 240, int days_apart = 5) {
    std::mt19937 random(11);
    const auto unit = [&random] { return static_cast<double>(random() % 1001) / 1000.0; };
    for (std::size_t i = 0; i < count; ++i) {
      const graph::NodeKey key{graph::NodeKind::kLoan, "L" + std::to_string(i)};
      const std::size_t lender = random() % (2 * i < count ? 4 : 5);
      const double size = unit();
      const Date as_of = FirstDay().PlusDays(days_apart * static_cast<int>(i));
      const Date known_at = as_of.PlusDays(40 + 5 * static_cast<int>(random() % 40));
      const double rate =
          0.05 + (size > 0.5 ? 0.4 : 0.0) + 0.1 * static_cast<double>(lender) + 0.1 * unit();
      loans.push_back({key, "bank" + std::to_string(lender), as_of, known_at, rate});
      std::vector<graph::NamedAttribute> attributes = {
          {"size", size},
          {"noise", unit()},
          {"vintage", graph::Category{"v" + std::to_string(i / 40)}}};
      if (random() % 4 != 0) {
        attributes.push_back({"colour", graph::Category{random() % 2 == 0 ? "red" : "blue"}});
      }
      AddNode(loans.back(), std::move(attributes));
      AddEdge(graph::EdgeKind::kOriginatedBy, key, Party(loans.back().lender), as_of);
      AddEdge(graph::EdgeKind::kLocatedIn, key,
              {graph::NodeKind::kRegion, "state:" + std::to_string(random() % 3)}, as_of);
      AddEdge(graph::EdgeKind::kBorrows, Person(random() % 40), key, as_of);
      for (auto guarantors = random() % 3; guarantors > 0; --guarantors) {
        AddEdge(graph::EdgeKind::kGuarantees, Person(random() % 40), key, as_of);
      }
    }
    for (std::size_t i = 0; i < 40; i += 2) {
      AddEdge(graph::EdgeKind::kOwns, Person(i + 1), Person(i), FirstDay());
    }
  }

  static Date FirstDay() { return Date(12'000); }

  graph::FactBatch Facts() const {
    graph::FactBatch batch;
    batch.declarations = {{.owner = graph::NodeKind::kLoan,
                           .name = "vintage",
                           .type = graph::AttributeType::kCategory,
                           .role = graph::AttributeRole::kGroup}};
    batch.facts = facts_;
    for (const WorldLoan& loan : loans) {
      if (loan.is_resolved) batch.facts.emplace_back(OutcomeOf(loan));
    }
    batch.facts.insert(batch.facts.end(), more.begin(), more.end());
    return batch;
  }

  std::unique_ptr<graph::GraphStore> Store() const {
    std::unique_ptr<graph::GraphStore> store = graph::MakeMemoryGraphStore();
    const auto applied = store->Apply(Facts());
    if (!applied.has_value()) FAIL(applied.error().message);
    return store;
  }

  LoanBook Book() const { return ReadLoanBook(*Store()).value(); }

  static graph::OutcomeFact OutcomeOf(const WorldLoan& loan) {
    return {.loan = loan.key,
            .recovery_rate = loan.recovery_rate,
            .valuation_date = loan.as_of,
            .dates = {loan.known_at, loan.known_at}};
  }

  std::vector<WorldLoan> loans;
  std::vector<graph::Fact> more;  // what else the store holds, such as its ledger

 private:
  static graph::NodeKey Party(const std::string& id) { return {graph::NodeKind::kParty, id}; }
  static graph::NodeKey Person(std::size_t i) { return Party("P" + std::to_string(i)); }

  void AddNode(const WorldLoan& loan, std::vector<graph::NamedAttribute> attributes) {
    const Date day = loan.as_of.PlusDays(-100);
    facts_.emplace_back(graph::NodeFact{
        .node = loan.key, .attributes = std::move(attributes), .dates = {day, day}});
  }
  void AddEdge(graph::EdgeKind kind, graph::NodeKey from, graph::NodeKey to, Date as_of) {
    const Date day = as_of.PlusDays(-100);
    facts_.emplace_back(graph::EdgeFact{.kind = kind,
                                        .from = std::move(from),
                                        .to = std::move(to),
                                        .attributes = {},
                                        .dates = {day, day}});
  }

  std::vector<graph::Fact> facts_;
};

/// Few and small trees; two refits in a world of 240 loans.
inline TimelineOptions SmallWalk() {
  TimelineOptions walk;
  walk.ensemble.fit.min_count = 2;
  walk.ensemble.boosting.max_depth = 3;
  walk.ensemble.boosting.min_child_weight = 2.0;
  walk.ensemble.boosting.learning_rate = 0.2;
  walk.ensemble.boosting.max_rounds = 8;
  walk.ensemble.ridge_penalty = 3.0;
  walk.ensemble.threads = 1;
  walk.cuts = {PeerWorld::FirstDay().PlusDays(450), PeerWorld::FirstDay().PlusDays(800)};
  return walk;
}

inline Timeline Walked(const LoanBook& book, const TimelineOptions& options) {
  auto timeline = WalkForward(book, options, {});
  if (!timeline.has_value()) FAIL(timeline.error().message);
  return std::move(timeline).value();
}

/// Numbers as bits: equal only if every bit is, missing ones too.
inline std::vector<std::uint32_t> BitsOf(std::span<const float> numbers) {
  std::vector<std::uint32_t> bits;
  for (const float number : numbers) bits.push_back(std::bit_cast<std::uint32_t>(number));
  return bits;
}

/// One row of a table with a row a loan.
inline std::span<const float> RowOf(const Table& table, std::size_t loan) {
  return std::span(table.values).subspan(loan * table.columns.size(), table.columns.size());
}

}  // namespace recoup::model::testing
