// A hidden quality that changes slowly, so that only recent cases tell what it is now.
#pragma once

#include <vector>

#include "graph/synthetic/random.h"
#include "graph/types/date.h"

namespace recoup::graph::synthetic {

/// A random walk pulled back to 0, with variance 1 at every quarter and linear between them.
/// Threads: immutable once made, share freely.
class Drift {
 public:
  /// Covers [from, to]; outside, the nearest end holds. The correlation of two days falls by half
  /// every `half_life_quarters`. REQUIRES: from < to, half_life_quarters > 0.
  Drift(Date from, Date to, double half_life_quarters, Random random);

  double At(Date day) const;

 private:
  Date from_;
  std::vector<double> quarters_;
};

}  // namespace recoup::graph::synthetic
