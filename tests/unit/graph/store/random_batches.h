// Random but repeatable batches over a few nodes, so that everything meets everything.
#pragma once

#include <cstdint>
#include <random>

#include "graph/schema/fact.h"

namespace recoup::graph {

/// Unit of days: the facts' dates lie in [0, days).
struct RandomBatchOptions {
  int nodes_per_kind = 6;
  int days = 12;
  int facts = 40;
  double removal_share = 0.15;
};

/// Makes batches of all fact kinds, dated in no order.
/// Threads: confine.
class RandomBatches {
 public:
  RandomBatches(std::uint32_t seed, RandomBatchOptions options)
      : random_(seed), options_(options) {}

  FactBatch Next();

 private:
  int Draw(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  bool Chance(double share) { return static_cast<double>(Draw(1000)) < share * 1000.0; }
  NodeKey Key(NodeKind kind);
  FactDates Dates();
  NodeFact Node();
  EdgeFact Edge();
  OutcomeFact Outcome();

  std::mt19937 random_;
  const RandomBatchOptions options_;
  std::uint64_t batches_ = 0;
};

}  // namespace recoup::graph
