// Random facts for property tests: the same seed gives the same facts on every machine.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/schema/fact.h"

namespace recoup::graph {

/// Draws facts about a small world in which everything meets everything.
class RandomFacts {
 public:
  explicit RandomFacts(std::uint64_t seed) : random_(seed) {}

  /// Returns a number in [0, end).
  std::uint64_t Below(std::uint64_t end) { return random_() % end; }

  /// Returns a fact learnt on a day in [first, last].
  Fact Draw(int first, int last) {
    const int known_at = first + static_cast<int>(Below(last - first + 1));
    const FactDates dates{Date(known_at - static_cast<int>(Below(30))), Date(known_at)};
    switch (Below(10)) {
      case 0:
        return DrawNode(NodeKind::kLoan, dates);
      case 1:
        return DrawNode(NodeKind::kParty, dates);
      case 2:
        return DrawNode(NodeKind::kCollateral, dates);
      case 3:
        return DrawOutcome(dates);
      default:
        return DrawEdge(dates);
    }
  }

  NodeKey Key(NodeKind kind) {
    const std::uint64_t size = kind == NodeKind::kLoan ? 25 : 6;
    return {kind, std::string(NodeKindName(kind)) + std::to_string(Below(size))};
  }

 private:
  Fact DrawNode(NodeKind kind, FactDates dates) {
    NodeFact fact{Key(kind), FactOperation::kUpsert, {}, dates};
    if (Below(12) == 0) {
      fact.operation = FactOperation::kRemove;
      return fact;
    }
    fact.attributes.push_back({"score", static_cast<double>(Below(1000)) / 7.0});
    if (Below(2) == 0) fact.attributes.push_back({"colour", Category{Word()}});
    if (Below(2) == 0) fact.attributes.push_back({"noticed", Date(static_cast<int>(Below(900)))});
    if (Below(2) == 0) {
      const Currency currency = Currency::Parse(Below(4) == 0 ? "JPY" : "EUR").value();
      const auto amount = static_cast<std::int64_t>(Below(100000));
      fact.attributes.push_back({"fee", Money(amount, currency)});
    }
    return fact;
  }

  Fact DrawOutcome(FactDates dates) {
    const Date valuation = dates.known_at.PlusDays(-static_cast<int>(Below(60)));
    return OutcomeFact{Key(NodeKind::kLoan), static_cast<double>(Below(101)) / 100.0, valuation,
                       dates};
  }

  Fact DrawEdge(FactDates dates) {
    const EdgeKind kind = kAllEdgeKinds[Below(kAllEdgeKinds.size())];
    const auto sources = AllowedSources(kind);
    const auto targets = AllowedTargets(kind);
    EdgeFact fact{kind,
                  Key(sources[Below(sources.size())]),
                  Key(targets[Below(targets.size())]),
                  FactOperation::kUpsert,
                  {},
                  dates};
    if (Below(10) == 0) fact.operation = FactOperation::kRemove;
    if (kind == EdgeKind::kOwns && fact.operation == FactOperation::kUpsert) {
      fact.attributes.push_back({"share", static_cast<double>(Below(100)) / 100.0});
    }
    return fact;
  }

  std::string Word() {
    static const std::vector<std::string> words = {"amber", "blue", "cyan", "dun"};
    return words[Below(words.size())];
  }

  std::mt19937_64 random_;
};

}  // namespace recoup::graph
