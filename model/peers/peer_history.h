// What the resolved members of each group brought in, as of any day.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/types/date.h"

namespace recoup::model {

/// What one resolved loan adds to the groups it belongs to.
struct PeerOutcome {
  Date known_at;
  double surprise = 0.0;  // outcome minus the mean of all outcomes known before its own day
  double residual = 0.0;  // outcome minus what was expected of the loan
  bool has_residual = false;
};

/// Sums over members; decayed ones weigh each member 2^-(years since its outcome was known).
struct PeerTotals {
  double count = 0.0;
  double surprise = 0.0;
  double surprise_squared = 0.0;
  double decayed_count = 0.0;
  double decayed_surprise = 0.0;
  double residual_count = 0.0;
  double residual = 0.0;
  double decayed_residual_count = 0.0;
  double decayed_residual = 0.0;
  /// Unit: years from the newest outcome; negative without any.
  double years_since_newest = -1.0;

  void Add(const PeerTotals& other);
};

/// That a loan speaks in a group.
struct PeerMembership {
  std::uint32_t group = 0;
  std::uint32_t loan = 0;  // position in the book
};

/// Until when outcomes are heard, and whose is not.
struct PeerDay {
  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};

  Date day;
  /// How many loans of the book were known strictly before the day: they come first in it.
  std::uint32_t known = 0;
  /// A loan's own outcome never speaks for it.
  std::uint32_t left_out = kNobody;
};

/// The outcomes of all groups, each group's in the order in which they became known. After every
/// eighth outcome the sums so far are kept, decayed to its day: a question takes at most seven
/// further steps, and gives what adding them all up in order gives, to the last bit.
/// Threads: share freely once made.
class PeerHistories {
 public:
  /// Shape: outcomes[loans], in the order in which they became known. A loan speaks once in a
  /// group, so no membership may stand twice; those of one group must be in the order of `loan`.
  PeerHistories(std::vector<PeerOutcome> outcomes, std::size_t groups,
                std::span<const PeerMembership> memberships);

  const PeerOutcome& OutcomeOf(std::uint32_t loan) const { return outcomes_[loan]; }
  /// Returns the loans that speak in a group and were known before the day, oldest outcome first.
  std::span<const std::uint32_t> KnownBefore(std::uint32_t group, const PeerDay& day) const;
  PeerTotals TotalsBefore(std::uint32_t group, const PeerDay& day) const;

 private:
  static constexpr std::size_t kKeptEvery = 8;

  void Step(std::uint32_t loan, std::uint32_t before, PeerTotals* totals) const;

  std::vector<PeerOutcome> outcomes_;
  std::vector<std::uint32_t> ends_;       // [groups + 1] into loans_
  std::vector<std::uint32_t> loans_;      // by group
  std::vector<std::uint32_t> kept_ends_;  // [groups + 1] into kept_
  std::vector<PeerTotals> kept_;          // years_since_newest unused
};

}  // namespace recoup::model
