// What the resolved members of one group brought in, as of any day.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/types/date.h"

namespace recoup::model {

/// What one resolved loan adds to the groups it belongs to.
struct PeerOutcome {
  std::uint32_t loan = 0;  // position in the book
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

/// The outcomes of one group in the order in which they became known. Appending costs O(1), a
/// question O(log n): after each outcome the sums so far are kept, decayed to its day.
/// Threads: questions may be asked concurrently, Append not.
class PeerHistory {
 public:
  /// REQUIRES: known_at not before that of the last one.
  void Append(const PeerOutcome& outcome);

  std::size_t size() const { return steps_.size(); }
  /// Returns how many outcomes were known strictly before `day`.
  std::size_t KnownBefore(Date day) const;
  /// Position in the book of the i-th member, in the order of their outcomes.
  std::uint32_t LoanAt(std::size_t i) const { return steps_[i].outcome.loan; }

  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};
  /// Returns the sums over outcomes known strictly before `day`, without `left_out` (a loan's own
  /// outcome never speaks for it).
  PeerTotals TotalsBefore(Date day, std::uint32_t left_out = kNobody) const;

 private:
  struct Step {
    PeerOutcome outcome;
    PeerTotals totals;  // through this outcome, decayed to its day; years_since_newest unused
  };
  std::vector<Step> steps_;
};

}  // namespace recoup::model
