#include "tests/unit/graph/store/random_batches.h"

#include <string>
#include <utility>

namespace recoup::graph {

FactBatch RandomBatches::Next() {
  FactBatch batch;
  batch.source = "random";
  batch.source_offset = ++batches_;
  for (int i = 0; i < options_.facts; ++i) {
    const int kind = Draw(10);
    if (kind < 3) {
      batch.facts.emplace_back(Node());
    } else if (kind < 8) {
      batch.facts.emplace_back(Edge());
    } else {
      batch.facts.emplace_back(Outcome());
    }
  }
  return batch;
}

NodeKey RandomBatches::Key(NodeKind kind) {
  return {kind, std::string(NodeKindName(kind)) + std::to_string(Draw(options_.nodes_per_kind))};
}

FactDates RandomBatches::Dates() {
  const Date known_at(Draw(options_.days));
  return {known_at.PlusDays(-Draw(5)), known_at};
}

NodeFact RandomBatches::Node() {
  NodeFact fact;
  fact.node = Key(kAllNodeKinds[static_cast<std::size_t>(Draw(4))]);
  fact.dates = Dates();
  if (Chance(options_.removal_share)) {
    fact.operation = FactOperation::kRemove;
    return fact;
  }
  if (Chance(0.5)) fact.attributes.push_back({"score", static_cast<double>(Draw(100))});
  if (Chance(0.5)) fact.attributes.push_back({"grade", Category{std::to_string(Draw(5))}});
  if (Chance(0.3)) fact.attributes.push_back({"note", "text " + std::to_string(Draw(100))});
  if (Chance(0.3)) fact.attributes.push_back({"seen_on", Date(Draw(1000))});
  return fact;
}

EdgeFact RandomBatches::Edge() {
  EdgeFact fact;
  fact.kind = kAllEdgeKinds[static_cast<std::size_t>(Draw(14))];
  const auto sources = AllowedSources(fact.kind);
  const auto targets = AllowedTargets(fact.kind);
  fact.from = Key(sources[static_cast<std::size_t>(Draw(static_cast<int>(sources.size())))]);
  fact.to = Key(targets[static_cast<std::size_t>(Draw(static_cast<int>(targets.size())))]);
  fact.dates = Dates();
  if (Chance(options_.removal_share)) {
    fact.operation = FactOperation::kRemove;
    return fact;
  }
  if (Chance(0.5)) fact.attributes.push_back({"weight", static_cast<double>(Draw(100))});
  if (Chance(0.3)) fact.attributes.push_back({"basis", Category{std::to_string(Draw(5))}});
  return fact;
}

OutcomeFact RandomBatches::Outcome() {
  OutcomeFact fact;
  fact.loan = Key(NodeKind::kLoan);
  fact.dates = Dates();
  fact.recovery_rate = Draw(1001) / 1000.0;
  fact.valuation_date = fact.dates.known_at.PlusDays(-Draw(30));
  return fact;
}

}  // namespace recoup::graph
