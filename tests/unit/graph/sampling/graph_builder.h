// Builds small graphs for tests, one fact at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graph/schema/fact.h"
#include "graph/store/graph_store.h"

namespace recoup::graph {

/// A store in memory with a shorter way to state facts. Days are counted from 1970-01-01.
class GraphBuilder {
 public:
  GraphBuilder() : store_(MakeMemoryGraphStore()) {}

  const GraphStore& store() const { return *store_; }
  std::unique_ptr<const GraphView> View(int day) const { return store_->ViewAsOf(Date(day)); }

  void Node(NodeKind kind, const std::string& id, int known_at,
            std::vector<NamedAttribute> attributes = {}) {
    facts_.push_back(NodeFact{{kind, id},
                              FactOperation::kUpsert,
                              std::move(attributes),
                              {Date(known_at), Date(known_at)}});
  }

  void Edge(EdgeKind kind, NodeKey from, NodeKey to, int known_at,
            std::vector<NamedAttribute> attributes = {}) {
    facts_.push_back(EdgeFact{kind,
                              std::move(from),
                              std::move(to),
                              FactOperation::kUpsert,
                              std::move(attributes),
                              {Date(known_at), Date(known_at)}});
  }

  void Outcome(const std::string& loan, double recovery_rate, int valuation_day, int known_at) {
    facts_.push_back(OutcomeFact{{NodeKind::kLoan, loan},
                                 recovery_rate,
                                 Date(valuation_day),
                                 {Date(known_at), Date(known_at)}});
  }

  void Add(Fact fact) { facts_.push_back(std::move(fact)); }

  /// Applies `batch` and what was stated since the last call. REQUIRES: it fits the schema.
  void Apply(FactBatch batch = {}) {
    batch.facts.insert(batch.facts.end(), facts_.begin(), facts_.end());
    facts_.clear();
    const auto receipt = store_->Apply(batch);
    if (!receipt.has_value()) {
      CheckFailed(__FILE__, __LINE__, receipt.error().message.c_str());
    }
  }

  /// REQUIRES: the node is known by some day.
  NodeId Id(NodeKind kind, const std::string& id) const {
    return store_->ViewAsOf(Date::Max())->Find({kind, id}).value();
  }
  NodeId Loan(const std::string& id) const { return Id(NodeKind::kLoan, id); }

 private:
  std::unique_ptr<GraphStore> store_;
  std::vector<Fact> facts_;
};

}  // namespace recoup::graph
