// What all loans of a generated portfolio share: courts, lenders and regions, with the qualities
// that no table shows.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/synthetic/drift.h"
#include "graph/synthetic/generate_portfolio.h"
#include "graph/types/date.h"

namespace recoup::graph::synthetic {

struct Court {
  std::uint32_t region = 0;
  std::uint32_t level = 0;  // a word in courts.csv; has no effect
  double speed = 0.0;       // hidden; mean 0, variance 1
};

/// Threads: immutable once made, share freely.
struct World {
  explicit World(const GenerateOptions& options);

  std::uint64_t seed;
  Date as_of;
  double neighbour_effects;
  /// The first day on which a loan may default, and a day before anything else in the tape.
  Date first_default;
  Date beginning;
  std::vector<Court> courts;
  std::vector<Drift> lenders;  // hidden workout quality
  std::vector<Drift> regions;  // hidden shock
};

}  // namespace recoup::graph::synthetic
